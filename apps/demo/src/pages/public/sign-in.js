import { byId, call, onClick, onSubmit, say, sayProblem } from './app.js';

function describeLockout(end) {
  if (end === null) return 'This account has never been locked.';
  const moment = new Date(end);
  if (moment.getUTCFullYear() === 9999)
    return 'Locked until an administrator unlocks it; you stay signed in.';
  const when = moment.toLocaleString();
  return moment > new Date() ? `Locked until ${when}; you stay signed in.` : `Last locked until ${when}.`;
}

const NAMES = { default: 'a customer', it: 'staff' };

/** The same name may be somebody else's in the other realm. */
const inRealm = (fields) => ({ realm: byId('realm').value, ...fields });

async function show() {
  const me = await call('GET', '/me');
  byId('account').hidden = !me.ok;
  byId('sign-in').hidden = me.ok;
  if (!me.ok) return;
  byId('who').textContent = `${me.body.username}, ${NAMES[me.body.realm]}`;
  byId('administration').hidden = me.body.role === 'member';
  byId('lockout').textContent = describeLockout(me.body.lockoutEndDate);
}

function signInWith(form, path, problemId) {
  onSubmit(byId(form), async (fields) => {
    say(byId(problemId), '');
    const answer = await call('POST', path, inRealm(fields));
    if (!answer.ok) {
      sayProblem(byId(problemId), answer);
      return;
    }
    byId(form).reset();
    await show();
  });
}

function requestWith(form, path, answerId) {
  onSubmit(byId(form), async (fields) => {
    const { body } = await call('POST', path, inRealm(fields));
    say(byId(answerId), body.detail);
  });
}

signInWith('login', '/auth/login', 'login-problem');
signInWith('otp', '/auth/otp', 'otp-problem');
signInWith('recovery', '/auth/recovery-code', 'recovery-problem');
requestWith('forgot', '/auth/password/forgot', 'forgot-answer');
requestWith('otp-request', '/auth/otp/request', 'otp-request-answer');
requestWith('link-request', '/auth/magic-link/request', 'link-request-answer');

onClick(byId('sign-out'), async () => {
  await call('POST', '/auth/logout', {});
  byId('codes').textContent = '';
  await show();
});

onClick(byId('show-codes'), async () => {
  const { body } = await call('GET', '/me?recoveryCodes=1');
  byId('codes').textContent = body.recoveryCodes?.join('\n') ?? body.detail;
});

await show();
