import type { DemoStage } from '../../e2e/demo/demo-stage.js';

export const ATTACKER = '192.0.2.66';
export const OFFICE = '198.51.100.9';

const HEADERS = { 'Content-Type': 'application/json', 'X-Lockout-Admin': '1', 'If-Match': '"0"' };

/**
 * One of everything that a console shows: accounts that are locked, by policies and by hand, with and without leave to
 * unlock them, one that was unlocked, a blocked address and one that only failed, and a policy saved for a brand.
 */
export async function peopleInTrouble(stage: DemoStage): Promise<void> {
  await stage.lock([
    { username: 'alice', address: OFFICE },
    { username: 'bob', address: OFFICE },
    { username: 'carol', address: ATTACKER },
    { username: 'olga', address: ATTACKER },
    { username: 'nobody-of-this-name', address: ATTACKER },
  ]);
  await stage.fail([{ username: 'erin', address: OFFICE }], 2);
  await stage.lockByHand({ username: 'dave' });
  await stage.lockAddresses([ATTACKER]);
  const administrator = await stage.administrator();
  await administrator.unlock('bob');
  const { status } = await administrator.visitor.send(
    'PUT',
    '/lockout/policies/reachfive/brands/acme',
    JSON.stringify({ settings: { threshold: 4 }, reason: 'Acme asked for it' }),
    HEADERS,
  );
  if (status !== 200) throw new Error(`The brand's rules were not saved: ${status}.`);
}
