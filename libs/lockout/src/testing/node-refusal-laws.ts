import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { RefusalCounts } from '../store/node-registry.js';
import { StoreError } from '../store/store-error.js';
import { among, DAY, MINUTE, type NodeLaw, report } from './node-law.js';
import { timedBy } from './port-law.js';

/** Five minutes each, from some beginning. */
const refusals = (realms: RefusalCounts['realms']): RefusalCounts => ({
  from: 1_900_000_200_000,
  sliceMs: 300_000,
  realms,
});

/** What processes say that they refused. */
export function nodeRefusalLaws(law: NodeLaw): void {
  law('tells whole what each process said last, and announces nothing', async ({ store, other }) => {
    const [first, second, silent] = [report(), report(), report()];
    const told = { ...first, refusals: refusals({ default: [0, 3, 0, 60_466_175], 'a.b:c': [], '*': [1] }) };
    await store.announce(told, MINUTE);
    await other.announce({ ...second, refusals: refusals({}) }, MINUTE);
    await store.announce(silent, MINUTE);
    const wanted = [told, { ...second, refusals: refusals({}) }, silent];
    for (const client of [store, other]) {
      deepEqual(among(await client.nodes(MINUTE), first, second, silent), wanted);
    }
    // Whoever asks is not there by asking.
    const nobody = report();
    deepEqual(among(await other.nodes(MINUTE), nobody), []);
  });

  law('does not tell them to those who announce themselves', async ({ store, other }) => {
    const [first, second] = [report(), report()];
    deepEqual(
      among(await store.announce({ ...first, refusals: refusals({ default: [7] }) }, MINUTE), first),
      [first],
    );
    deepEqual(among(await other.announce(second, MINUTE), first, second), [first, second]);
  });

  law('knows the latest refusals only, also where there are none any more', async ({ store, other }) => {
    const first = report();
    await store.announce({ ...first, refusals: refusals({ default: [1], staff: [2] }) }, MINUTE);
    const changed = { ...first, label: 'elsewhere', refusals: refusals({ default: [1, 5] }) };
    await other.announce(changed, MINUTE);
    deepEqual(among(await store.nodes(MINUTE), first), [changed]);
    await store.announce(first, MINUTE);
    deepEqual(among(await other.nodes(MINUTE), first), [first]);
  });

  law('keeps a day of 32 realms and the others, and rejects as data what is longer', async ({ store }) => {
    const first = report();
    const day = Array<number>(288).fill(60_466_175);
    const names = Array.from({ length: 33 }, (_, n) => `realm-${n}`.padEnd(64, '.'));
    const busy = { ...first, refusals: refusals(Object.fromEntries(names.map((name) => [name, day]))) };
    await store.announce(busy, MINUTE);
    const refused: readonly RefusalCounts[] = [
      refusals({ default: Array<number>(12_000).fill(60_466_175) }),
      refusals({ default: [-1] }),
      refusals({ default: [0.5] }),
      { ...refusals({}), from: Number.NaN },
    ];
    for (const counts of refused) {
      await rejects(store.announce({ ...first, refusals: counts }, MINUTE), (error) => {
        ok(error instanceof StoreError, String(error));
        equal(error.fault, 'data');
        return true;
      });
    }
    deepEqual(among(await store.nodes(MINUTE), first), [busy]);
  });

  timedBy(law)(
    'tells who was there within the time asked for, also those that are gone since',
    async (opened) => {
      const { store, other, advance } = opened;
      const [early, late] = [report(), report()];
      await store.announce({ ...early, refusals: refusals({ default: [4] }) }, 0);
      await advance(1);
      await other.announce(late, 0);
      await advance(DAY - 1);
      for (const client of [store, other]) {
        deepEqual(among(await client.nodes(DAY - 1), early, late), [late]);
        deepEqual(among(await client.nodes(DAY), early, late), [
          { ...early, refusals: refusals({ default: [4] }) },
          late,
        ]);
      }
      await advance(1);
      await store.announce(report(), 0);
      deepEqual(among(await other.nodes(10 * DAY), early, late), [late]);
      // Taken up again it has forgotten what it said before.
      await store.announce(early, 0);
      deepEqual(among(await other.nodes(DAY), early), [early]);
    },
  );
}
