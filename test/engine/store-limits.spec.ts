import { beforeEach, describe, expect, it } from '@jest/globals';
import { LockoutUnavailableError } from 'nestjs-lockout';
import { turns } from '../support/gate.js';
import { alice, policy } from './bench.js';
import { Outage } from './outage.js';

const LIMIT_MS = 3_000;

let outage: Outage;
beforeEach(() => {
  outage = new Outage();
});

/** From now on the store takes every call and never answers. Returns what ends that. */
function hang(): () => void {
  let isHanging = true;
  for (const name of ['load', 'compareAndSwap', 'swapExclusively', 'policyCount', 'savedPolicies'] as const) {
    const method = Reflect.get(outage.store, name, outage.store) as (...args: unknown[]) => Promise<unknown>;
    Reflect.set(outage.store, name, (...args: unknown[]) =>
      isHanging ? new Promise(() => {}) : method.apply(outage.store, args),
    );
  }
  return () => {
    isHanging = false;
  };
}

/** From now on these calls take so long, ms. */
function slow(delays: Readonly<Partial<Record<'policyCount' | 'compareAndSwap', number>>>): void {
  for (const [name, ms] of Object.entries(delays)) {
    const method = Reflect.get(outage.store, name, outage.store) as (...args: unknown[]) => Promise<unknown>;
    Reflect.set(outage.store, name, async (...args: unknown[]) => {
      const answer = await method.apply(outage.store, args);
      await outage.clock.sleep(ms);
      return answer;
    });
  }
}

describe('a store that is slow, each answer within its time', () => {
  it('a charge that was under way when nobody waited any more is taken back', async () => {
    const engine = outage.engine({ decisionTimeoutMs: LIMIT_MS });
    await outage.during(engine.judge(alice));
    await outage.pass(1_100);
    slow({ policyCount: 900, compareAndSwap: 2_500 });
    await expect(outage.during(engine.begin(alice))).rejects.toBeInstanceOf(LockoutUnavailableError);
    await outage.pass(10_000);
    expect(outage.store.calls.some(({ method }) => method === 'compareAndSwap')).toBe(true);
    const { counters } = await outage.during(engine.status({ account: 'alice' }));
    expect(counters.every(({ inFlight, failures }) => inFlight === 0 && failures === 0)).toBe(true);
  });
});

describe('a store that never answers', () => {
  it('every decision ends within its time, whatever hangs, and later ones at once', async () => {
    const engine = outage.engine({ decisionTimeoutMs: LIMIT_MS });
    const begun = await outage.during(engine.begin(alice));
    if (!begun.allowed) throw new Error('refused');
    const resume = hang();
    await outage.pass(1_100);
    const at = outage.clock.monotonic();
    const took = async (work: Promise<unknown>): Promise<unknown> => {
      const found = await work.catch((error: unknown) => error);
      return [found instanceof LockoutUnavailableError ? 'refused' : found, outage.clock.monotonic() - at];
    };
    const [first, judged, settled] = await outage.during(
      Promise.all([took(engine.begin(alice)), took(engine.judge(alice)), took(begun.attempt.succeed())]),
    );
    expect(first).toEqual(['refused', LIMIT_MS]);
    expect(judged).toEqual(['refused', LIMIT_MS]);
    expect(settled).toEqual([expect.objectContaining({ refusal: null }), LIMIT_MS]);
    await outage.pass(2_000);
    expect(engine.storeState).toBe('gone');
    const before = outage.clock.monotonic();
    await expect(engine.begin(alice)).rejects.toBeInstanceOf(LockoutUnavailableError);
    expect(outage.clock.monotonic()).toBe(before);
    resume();
    await outage.end(engine);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
    expect(outage.events.map(({ type }) => type)).toEqual(['gone', 'returned']);
  });

  it('R32 R5 what could not be settled in time is settled when it answers, and its late charges are taken back', async () => {
    const engine = outage.engine({ decisionTimeoutMs: LIMIT_MS });
    const begun = await outage.during(engine.begin(alice));
    if (!begun.allowed) throw new Error('refused');
    const resume = hang();
    await outage.during(Promise.allSettled([begun.attempt.fail(), engine.begin(alice)]));
    resume();
    await outage.end(engine);
    while (engine.totals.unwrittenSettles > 0) await outage.pass(250);
    const { counters } = await outage.during(engine.status({ account: 'alice' }));
    expect(counters).toMatchObject([{ failures: 1, inFlight: 0 }]);
  });

  it('who waits when the store turns out to be gone is refused then, not only when the time is over', async () => {
    const engine = outage.engine({ decisionTimeoutMs: 30_000 });
    await outage.during(engine.judge(alice));
    hang();
    await outage.pass(1_100);
    const at = outage.clock.monotonic();
    await expect(outage.during(engine.begin(alice))).rejects.toMatchObject({ retryInMs: expect.any(Number) });
    // A second until it is suspected, three probes of a second.
    expect(outage.clock.monotonic() - at).toBeLessThan(5_000);
  });

  it('no more decisions wait than may, wherever they wait', async () => {
    const engine = outage.engine({ decisionTimeoutMs: LIMIT_MS, maxQueue: 50 });
    await outage.during(engine.judge(alice));
    hang();
    // The policies are asked for first: that is where they all wait.
    await outage.pass(1_100);
    let refused = 0;
    for (let n = 0; n < 200; n += 1) {
      engine.begin({ ...alice, account: `user-${n}` }).catch((error: unknown) => {
        if (error instanceof LockoutUnavailableError) refused += 1;
      });
    }
    await turns(10);
    expect(refused).toBe(150);
    await outage.pass(LIMIT_MS);
    expect(refused).toBe(200);
  });

  it('administrators are refused in time, too', async () => {
    const engine = outage.engine({ decisionTimeoutMs: LIMIT_MS });
    await outage.during(engine.judge(alice));
    hang();
    await outage.pass(1_100);
    await expect(outage.during(engine.status({ account: 'alice' }))).rejects.toBeInstanceOf(
      LockoutUnavailableError,
    );
  });
});

describe('R2 the waiting room', () => {
  it('takes no more than it may; the time in it is not counted as the store’s', async () => {
    const engine = outage.engine({
      policies: [policy({ threshold: 1 })],
      waitMs: 2_000,
      decisionTimeoutMs: 1_000,
      maxWaiters: 10,
    });
    const first = await outage.during(engine.begin(alice));
    if (!first.allowed) throw new Error('refused');
    const waiting = Array.from({ length: 30 }, () => engine.begin(alice));
    await turns(20);
    let answered = 0;
    for (const one of waiting)
      void one.then(
        () => {
          answered += 1;
        },
        () => {},
      );
    await turns(5);
    expect(answered).toBe(20);
    await outage.pass(1_500);
    expect(answered).toBe(20);
    await outage.during(first.attempt.succeed());
    await outage.during(Promise.all(waiting));
  });
});

describe('the queue of unwritten settles', () => {
  it('asks nothing of a store that is gone, and comes back in rounds that leave room for logins', async () => {
    const engine = outage.engine({ policies: [policy({ threshold: 64 })], maxWaiters: 0 });
    const attempts = [];
    for (let n = 0; n < 3_000; n += 1) attempts.push(engine.begin({ ...alice, account: `user-${n}` }));
    const begun = await outage.during(Promise.all(attempts));
    await outage.begin(engine);
    await Promise.all(begun.flatMap((one) => (one.allowed ? [one.attempt.fail()] : [])));
    expect(engine.totals.unwrittenSettles).toBe(3_000);
    const { operations } = engine.totals;
    await outage.pass(20_000);
    expect(engine.totals.operations).toBe(operations);
    await outage.end(engine);
    let most = 0;
    for (let step = 0; step < 500 && engine.totals.unwrittenSettles > 0; step += 1) {
      const before = engine.totals.operations;
      await turns(1);
      most = Math.max(most, engine.totals.operations - before);
      if (step % 20 === 0) await outage.pass(50);
    }
    while (engine.totals.unwrittenSettles > 0) await outage.pass(250);
    expect(most).toBeLessThanOrEqual(1_000);
    const { counters } = await outage.during(engine.status({ account: 'user-2999' }));
    expect(counters).toMatchObject([{ failures: 1, inFlight: 0 }]);
  });
});
