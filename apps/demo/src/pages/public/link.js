import { byId, call, onSubmit, sayProblem } from './app.js';

const token = new URLSearchParams(location.search).get('token') ?? '';
// Not in the history of this browser any longer than needed.
history.replaceState(null, '', location.pathname);

onSubmit(byId('link'), async () => {
  const answer = await call('POST', '/auth/magic-link', { token });
  if (answer.ok) location.assign('/');
  else sayProblem(byId('link-problem'), answer);
});
