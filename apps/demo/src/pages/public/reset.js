import { byId, call, onSubmit, say, sayProblem } from './app.js';

const token = new URLSearchParams(location.search).get('token') ?? '';
history.replaceState(null, '', location.pathname);

onSubmit(byId('reset'), async ({ password }) => {
  say(byId('reset-problem'), '');
  const answer = await call('POST', '/auth/password/reset', { token, password });
  if (!answer.ok) {
    sayProblem(byId('reset-problem'), answer);
    return;
  }
  byId('reset').hidden = true;
  say(byId('reset-done'), answer.body.detail);
});
