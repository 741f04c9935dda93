import { describe, expect, it } from '@jest/globals';
import { type LockoutKey, LockoutUnavailableError, StoreError } from 'nestjs-lockout';
import { FakeClock } from 'nestjs-lockout/testing';
import { turns } from '../support/gate.js';
import { alice, engineOf, stores } from './bench.js';

describe('while the store does not answer', () => {
  it('R32 attempts that were refused never push the settle of a verified person out of the queue', async () => {
    const clock = new FakeClock();
    const engine = engineOf({ clock });
    const begun = await engine.begin(alice);
    if (!begun.allowed) throw new Error('refused');
    stores.unreliable.fault = () => 'before';
    await begun.attempt.succeed();
    expect(engine.totals.unwrittenSettles).toBe(1);
    for (let round = 0; round < 11; round += 1) {
      const crowd = Array.from({ length: 1_000 }, (_, n) =>
        engine.begin({ ...alice, account: `user-${round}-${n}` }),
      );
      await Promise.allSettled(crowd);
    }
    expect(engine.totals.unwrittenSettles).toBe(10_000);
    stores.unreliable.fault = () => null;
    while (engine.totals.unwrittenSettles > 0) {
      await clock.advance(250);
      await turns(10);
    }
    const { counters } = await engine.status({ account: 'alice' });
    expect(counters).toMatchObject([{ inFlight: 0, failures: 0 }]);
  });

  it('R31 a batch that ran out of time is tried in parts, a few at a time and not for ever', async () => {
    let [elapsed, loads, open, most] = [0, 0, 0, 0];
    const stalling = new Proxy(stores.unreliable, {
      get(target, name) {
        if (name === 'clock') return undefined;
        if (name !== 'load') return Reflect.get(target, name, target) as unknown;
        return async (keys: readonly LockoutKey[]) => {
          // A question whether the store answers at all is none about a record.
          if (keys.length === 0) return new Promise<never>(() => {});
          loads += 1;
          open += 1;
          most = Math.max(most, open);
          await turns(3);
          elapsed += 250;
          open -= 1;
          throw new StoreError('timeout', 'The statement took longer than 1 s.');
        };
      },
    });
    // Asleep for good: what would be withdrawn later is not what is counted here.
    const clock = { monotonic: () => elapsed, sleep: () => new Promise<void>(() => {}) };
    const engine = engineOf({ store: stalling, clock, cacheMs: 0, retryMs: 2_000, lanes: 1 });
    const begun = await Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => engine.begin({ ...alice, account: `user-${n}` })),
    );
    for (const answer of begun) {
      expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(LockoutUnavailableError) });
    }
    expect(most).toBe(4);
    expect(loads).toBeGreaterThan(1);
    expect(loads).toBeLessThan(25);
  });
});
