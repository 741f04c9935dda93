import './styles/main.css';
import { render } from 'preact';
import { App } from './app.js';
import { follow } from './live.js';
import { loadMe } from './me.js';
import { loadMessages } from './messages.js';
import { Problem } from './problem.js';
import { showTheme } from './theme.js';

const root = document.getElementById('app');

showTheme();
try {
  await Promise.all([loadMessages(), loadMe()]);
  if (root) render(<App />, root);
  follow();
} catch (error) {
  showFailure(error);
}

/** What the page itself has to say: without an answer there are no texts either. */
function showFailure(error: unknown): void {
  const status = error instanceof Problem ? error.status : 0;
  const id = { 401: 'start-signed-out', 403: 'start-forbidden' }[status] ?? 'start-failed';
  const template = document.getElementById(id);
  if (template instanceof HTMLTemplateElement) root?.replaceChildren(template.content.cloneNode(true));
}
