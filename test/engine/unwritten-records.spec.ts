import { beforeEach, describe, expect, it } from '@jest/globals';
import { alice, BY_ADMIN, failTimes, policy } from './bench.js';
import { A_WHILE_MS, type TwoProcesses, twoProcesses } from './two-processes.js';

/** A wrong password keeps the codes out too, and the codes count for themselves. */
const BY_METHOD = [
  policy({ name: 'account', counts: ['password'], refuses: 'all' }),
  policy({ name: 'codes', counts: ['otp'] }),
];
const code = { ...alice, method: 'otp' };

let { clock, link, here, elsewhere }: TwoProcesses = twoProcesses({ policies: BY_METHOD });

beforeEach(() => {
  ({ clock, link, here, elsewhere } = twoProcesses({ policies: BY_METHOD }));
});

/** How many swaps there are meanwhile. */
async function swapsOf(work: () => Promise<unknown>): Promise<number> {
  const before = link.calls.length;
  await work();
  return link.calls.slice(before).filter(({ method }) => method === 'compareAndSwap').length;
}

describe('a record that this process knew some seconds ago, and does not write', () => {
  it('does not admit anybody past a lock that another process set meanwhile, at a key that only refuses (P1)', async () => {
    await failTimes(here, 1, code);
    await failTimes(here, 1);
    await failTimes(elsewhere, 4);
    await clock.advance(A_WHILE_MS - 1);
    // P3: a refusal changes nothing.
    const swaps = await swapsOf(async () =>
      expect(await here.begin(code)).toMatchObject({ allowed: false, refusal: { reason: 'locked' } }),
    );
    expect(swaps).toBe(0);
  });

  it('does not admit anybody past an administrator’s second lock (P6)', async () => {
    await elsewhere.lock({ account: 'alice' }, null, BY_ADMIN);
    await elsewhere.unlock({ account: 'alice' }, BY_ADMIN);
    // From here on the record of the administrator's lock stands, without a lock.
    await failTimes(here, 1);
    await elsewhere.lock({ account: 'alice' }, null, BY_ADMIN);
    await clock.advance(A_WHILE_MS - 1);
    expect(await here.begin(alice)).toMatchObject({ allowed: false, refusal: { reason: 'locked' } });
  });

  it('does not refuse anybody for attempts in flight that another process settled meanwhile', async () => {
    const begun = await Promise.all(Array.from({ length: 5 }, () => elsewhere.begin(alice)));
    expect(await here.begin(alice)).toMatchObject({ allowed: false, refusal: { reason: 'exhausted' } });
    for (const one of begun) {
      if (!one.allowed) throw new Error('refused');
      await one.attempt.succeed();
    }
    await clock.advance(A_WHILE_MS - 1);
    expect((await here.begin(alice)).allowed).toBe(true);
  });
});
