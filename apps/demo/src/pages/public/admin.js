import { byId, call, onClick, say, sayProblem } from './app.js';

const time = (value) => (value === null ? 'an administrator unlocks it' : new Date(value).toLocaleString());

function cell(...content) {
  const element = document.createElement('td');
  element.append(...content);
  return element;
}

function row({ id, realm, account, locks }) {
  const name = account ?? id;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Unlock';
  button.setAttribute('aria-label', `Unlock ${name}`);
  onClick(button, async () => {
    const path = `/lockout/accounts/${encodeURIComponent(realm)}/${encodeURIComponent(name)}/unlock`;
    const answer = await call(
      'POST',
      path,
      { reason: 'unlocked on the admin page' },
      { 'X-Lockout-Admin': '1' },
    );
    await show();
    if (answer.ok) say(byId('admin-done'), `${name} is unlocked.`);
    else sayProblem(byId('admin-problem'), answer);
  });
  const element = document.createElement('tr');
  const since = locks.map((lock) => new Date(lock.since).toLocaleString()).join(', ');
  const until = locks.map((lock) => time(lock.until)).join(', ');
  element.append(cell(name), cell(since), cell(until), cell(button));
  return element;
}

async function show() {
  const answer = await call('GET', '/lockout/accounts?state=locked');
  say(byId('admin-done'), '');
  if (!answer.ok) {
    byId('accounts').replaceChildren();
    sayProblem(byId('admin-problem'), answer);
    return;
  }
  say(byId('admin-problem'), '');
  byId('accounts').replaceChildren(...answer.body.items.map(row));
  if (answer.body.items.length === 0) say(byId('admin-done'), 'Nobody is locked.');
}

onClick(byId('refresh'), show);
await show();
