import { byId, call, onClick, say, sayProblem } from './app.js';

const time = (value) => (value === null ? 'an administrator unlocks it' : new Date(value).toLocaleString());

function cell(...content) {
  const element = document.createElement('td');
  element.append(...content);
  return element;
}

/** What keeps an account from being unlocked here, and where to turn. */
function refusal({ reasons, support }) {
  return `Cannot be unlocked: ${reasons.join(', ')}.${support ? ` Contact ${support}.` : ''}`;
}

function unlockButton({ id, realm, account }) {
  const name = account ?? id;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Unlock';
  button.setAttribute('aria-label', `Unlock ${name} (${realm})`);
  onClick(button, async () => {
    const answer = await call(
      'POST',
      `/lockout/accounts/-/${id}/unlock`,
      { reason: 'unlocked on the admin page' },
      { 'X-Lockout-Admin': '1' },
    );
    await show();
    if (answer.ok) say(byId('admin-done'), `${name} is unlocked.`);
    else sayProblem(byId('admin-problem'), answer);
  });
  return button;
}

function row(item) {
  const { id, realm, account, locks, unlockable } = item;
  const element = document.createElement('tr');
  const since = locks.map((lock) => new Date(lock.since).toLocaleString()).join(', ');
  const until = locks.map((lock) => time(lock.until)).join(', ');
  const action = unlockable ? unlockButton(item) : refusal(item);
  element.append(cell(account ?? id), cell(realm), cell(since), cell(until), cell(action));
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
