import { beforeEach, describe, expect, it } from '@jest/globals';
import { minutes } from 'nestjs-lockout/policy';
import { alice, policy } from './bench.js';
import { Outage } from './outage.js';

let outage: Outage;
beforeEach(() => {
  outage = new Outage();
});

const bob = { ...alice, account: 'bob' };

describe("onStoreError: 'allow'", () => {
  it('lets attempts through uncounted while the store does not answer, says so, and counts again at once after', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    await outage.guess(engine, 2, alice);
    await outage.begin(engine);
    expect(await outage.guess(engine, 40, alice)).toBe(40);
    expect(engine.totals.uncounted).toBe(40);
    await outage.end(engine);
    expect(outage.events).toMatchObject([
      { type: 'gone', mode: 'allow' },
      { type: 'returned', mode: 'allow', uncounted: 40, toMerge: 0 },
    ]);
    const { counters } = await outage.during(engine.status({ account: 'alice' }));
    expect(counters).toMatchObject([{ failures: 2, inFlight: 0 }]);
    expect(await outage.guess(engine, 10, alice)).toBe(3);
    await outage.begin(engine);
    await outage.guess(engine, 1, bob);
    await outage.end(engine);
    // Those of this outage alone.
    expect(outage.events.at(-1)).toMatchObject({ type: 'returned', uncounted: 1 });
  });

  it('never while it answers: nothing is let through until probes have failed', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    await outage.guess(engine, 1, alice);
    await outage.pass(2_000);
    outage.fail();
    const attempt = engine.begin(alice);
    let isOver = false;
    void attempt.then(() => {
      isOver = true;
    });
    await outage.pass(150);
    expect(isOver).toBe(false);
    expect(engine.totals.uncounted).toBe(0);
    await outage.pass(150);
    expect(isOver).toBe(true);
    expect(engine.totals.uncounted).toBe(1);
    expect(outage.events.map(({ type }) => type)).toEqual(['gone']);
  });

  it('P2 a lock that is known keeps refusing, until its very end', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    expect(await outage.guess(engine, 6, alice)).toBe(5);
    await outage.begin(engine);
    const [record] = await outage.memory.endedLocks(Number.MAX_SAFE_INTEGER, 1);
    const until = record?.state.lock?.until ?? 0;
    await outage.pass(until - outage.clock.now() - 1);
    const refused = await outage.during(engine.begin(alice));
    expect(refused).toMatchObject({
      allowed: false,
      refusal: { reason: 'locked', retryAt: until, retryInMs: 1 },
    });
    expect(await outage.during(engine.judge(alice))).toMatchObject({ reason: 'locked' });
    expect((await outage.during(engine.begin(bob))).allowed).toBe(true);
    await outage.pass(1);
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
    expect(await outage.during(engine.judge(alice))).toBeNull();
  });

  it('an administrator’s lock that is known keeps refusing, and a success that comes under one is refused (R6)', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    await outage.during(engine.lock({ account: 'alice' }, null, { by: 'admin', reason: 'asked for it' }));
    await outage.begin(engine);
    expect(await outage.during(engine.begin(alice))).toMatchObject({ allowed: false });
    const begun = await outage.during(engine.begin(bob));
    if (!begun.allowed) throw new Error('refused');
    await outage.end(engine);
    await outage.during(engine.lock({ account: 'bob' }, null, { by: 'admin', reason: 'asked for it' }));
    expect(await outage.during(begun.attempt.succeed())).toMatchObject({ refusal: { reason: 'locked' } });
  });

  it('what the store acknowledged is not lost: a charge made before settles after', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    const begun = await outage.during(engine.begin(alice));
    if (!begun.allowed) throw new Error('refused');
    await outage.begin(engine);
    expect(await outage.during(begun.attempt.fail())).toMatchObject({ refusal: null });
    await outage.end(engine);
    while (engine.totals.unwrittenSettles > 0) await outage.pass(250);
    const { counters } = await outage.during(engine.status({ account: 'alice' }));
    expect(counters).toMatchObject([{ failures: 1, inFlight: 0 }]);
  });

  it('R3 and one that is settled too late is a presumed failure', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    const begun = await outage.during(engine.begin(alice));
    if (!begun.allowed) throw new Error('refused');
    await outage.begin(engine);
    await outage.during(begun.attempt.succeed());
    await outage.pass(minutes(3));
    expect(engine.totals.unwrittenSettles).toBe(0);
    await outage.end(engine);
    await outage.guess(engine, 1, alice);
    const { counters } = await outage.during(engine.status({ account: 'alice' }));
    expect(counters).toMatchObject([{ failures: 2, inFlight: 0 }]);
  });

  it('administrators need the store', async () => {
    const engine = outage.engine({ onStoreError: 'allow' });
    await outage.begin(engine);
    await expect(outage.during(engine.status({ account: 'alice' }))).rejects.toMatchObject({
      code: 'LOCKOUT_UNAVAILABLE',
    });
    await expect(outage.during(engine.sweeper.sweep())).rejects.toMatchObject({
      code: 'LOCKOUT_UNAVAILABLE',
    });
  });

  it('saved policies govern as they were last known', async () => {
    const engine = outage.engine({ onStoreError: 'allow', policies: [policy({ refuses: 'counted' })] });
    const change = { expected: 0, actor: { by: 'admin', reason: 'test' } };
    await outage.guess(engine, 5, alice);
    await outage.during(engine.policies.save({ policy: 'account', brand: null }, { enforce: false }, change));
    await outage.begin(engine);
    await outage.pass(10_000);
    // It only watches by now.
    expect((await outage.during(engine.begin(alice))).allowed).toBe(true);
  });
});
