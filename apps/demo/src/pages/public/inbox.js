import { byId, call, onClick, say, sayProblem } from './app.js';

const LINK = /https?:\/\/\S+/g;

/** The text as it is, with its links made links; nothing in it is taken for HTML. */
function withLinks(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index));
    const link = document.createElement('a');
    link.href = match[0];
    link.textContent = match[0];
    parts.push(link);
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

function mail({ to, subject, text, at }) {
  const article = document.createElement('article');
  const heading = document.createElement('h2');
  heading.textContent = subject;
  const facts = document.createElement('p');
  facts.textContent = `To ${to}, ${new Date(at).toLocaleString()}`;
  const content = document.createElement('pre');
  content.append(...withLinks(text));
  article.append(heading, facts, content);
  return article;
}

async function show() {
  const answer = await call('GET', '/mailbox');
  if (!answer.ok) {
    sayProblem(byId('inbox-problem'), answer);
    return;
  }
  say(byId('inbox-problem'), answer.body.length === 0 ? 'No mails yet.' : '');
  byId('mails').replaceChildren(...answer.body.map(mail));
}

onClick(byId('refresh'), show);
await show();
