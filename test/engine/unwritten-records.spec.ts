import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LockoutEngine } from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { alice, BY_ADMIN, engineOf, failTimes, policy } from './bench.js';

/** Longer than a record is fresh, shorter than it is worth confirming. */
const A_WHILE_MS = 5_000;
/** A wrong password keeps the codes out too, and the codes count for themselves. */
const BY_METHOD = [
  policy({ name: 'account', counts: ['password'], refuses: 'all' }),
  policy({ name: 'codes', counts: ['otp'] }),
];
const code = { ...alice, method: 'otp' };

let clock: FakeClock;
let link: UnreliableStore;
/** The process under test, and another one on the same store. */
let here: LockoutEngine;
let elsewhere: LockoutEngine;

beforeEach(() => {
  clock = new FakeClock();
  const memory = new MemoryLockoutStore(clock.now);
  link = new UnreliableStore(memory);
  // What loses a race sleeps a few milliseconds, which here pass at once.
  const sleep = () => new Promise<void>((wake) => setImmediate(wake));
  here = engineOf({ store: link, clock: { monotonic: clock.monotonic, sleep }, policies: BY_METHOD });
  elsewhere = engineOf({ store: memory, clock, policies: BY_METHOD });
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
