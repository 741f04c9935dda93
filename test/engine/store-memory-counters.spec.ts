import { beforeEach, describe, expect, it } from '@jest/globals';
import { minutes } from 'nestjs-lockout/policy';
import { alice, policy } from './bench.js';
import { Outage } from './outage.js';

/** Events of one record that are kept until they can be written. */
const KEPT_EVENTS = 1_000;

let outage: Outage;
beforeEach(() => {
  outage = new Outage();
});

describe("onStoreError: 'memory', what is brought back", () => {
  it.each(['lax', 'strict'] as const)(
    'R3 is decided by the strictest brand that counts there, where nobody knows by which it was: %s in code first',
    async (first) => {
      const [lax, strict] = [policy({ threshold: 9 }), policy({ threshold: 2 })];
      const engine = outage.engine({
        onStoreError: 'memory',
        policies: [first === 'lax' ? lax : strict],
        brands: { other: [first === 'lax' ? strict : lax] },
      });
      const brand = first === 'lax' ? undefined : 'other';
      const asLax = brand === undefined ? alice : { ...alice, brand };
      await outage.guess(engine, 1, asLax);
      await outage.begin(engine);
      // Begun in memory, and nobody ever settles it.
      expect((await outage.during(engine.begin(asLax))).allowed).toBe(true);
      await outage.pass(minutes(3));
      await outage.end(engine);
      expect(await outage.during(engine.judge(alice))).toMatchObject({ reason: 'locked' });
      expect((await outage.memory.list({ type: 'locked', limit: 10 })).items).toHaveLength(1);
    },
  );

  it('P12 is no more than the latest thousand events of a record, however often somebody fails', async () => {
    const many = KEPT_EVENTS + 100;
    const engine = outage.engine({
      onStoreError: 'memory',
      policies: [policy({ threshold: 5_000, notify: { from: 1 } })],
    });
    await outage.during(engine.judge(alice));
    await outage.begin(engine);
    expect(await outage.guess(engine, many, alice)).toBe(many);
    await outage.end(engine);
    const told: number[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof outage.memory.list>> = await outage.memory.list({
        type: 'failed',
        limit: 500,
        ...(cursor === null ? {} : { cursor }),
      });
      told.push(...page.items.flatMap(({ event }) => (event.type === 'failed' ? [event.failures] : [])));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(told).toHaveLength(KEPT_EVENTS);
    expect(Math.max(...told)).toBe(many);
    const { counters } = await outage.during(engine.status({ account: 'alice' }));
    expect(counters[0]).toMatchObject({ failures: many });
  });
});
