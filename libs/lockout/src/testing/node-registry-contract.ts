import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { LockoutStore } from '../store/lockout-store.js';
import type { NodeRegistry, NodeReport } from '../store/node-registry.js';
import { StoreError } from '../store/store-error.js';
import { among, DAY, MINUTE, type NodeLaw, report } from './node-law.js';
import { nodeRefusalLaws } from './node-refusal-laws.js';
import { type ContractRunner, type PortUnderTest, portLawOf, timedBy } from './port-law.js';

export type NodeRegistryUnderTest = PortUnderTest<LockoutStore & NodeRegistry>;

/**
 * Declares what every list of processes promises, as tests of `runner`. Other tests may announce themselves meanwhile;
 * but a clock that `advance` moves is this suite's own.
 */
export function nodeRegistryContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<NodeRegistryUnderTest>,
): void {
  const law = portLawOf(runner, open);
  runner.describe(`the contract of processes: ${name}`, () => {
    announcingLaws(law);
    ageingLaws(law);
    nodeRefusalLaws(law);
  });
}

function announcingLaws(law: NodeLaw): void {
  law('answers the process that announces itself, and those that did before', async ({ store, other }) => {
    const [first, second] = [report(), report({ account: '1f', 'account@ácme ': '🔒' })];
    deepEqual(among(await store.announce(first, MINUTE), first, second), [first]);
    deepEqual(among(await other.announce(second, MINUTE), first, second), [first, second]);
    deepEqual(among(await store.announce(first, MINUTE), first, second), [first, second]);
  });

  law('knows the latest report of a process only', async ({ store, other }) => {
    const first = report();
    await store.announce(first, MINUTE);
    const changed = { ...first, label: 'elsewhere', policies: {} };
    deepEqual(among(await other.announce(changed, MINUTE), first), [changed]);
    deepEqual(among(await store.announce(changed, MINUTE), first), [changed]);
  });

  law('loses none of many that announce themselves at once, again and again', async ({ store, other }) => {
    const nodes = Array.from({ length: 24 }, () => report());
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(nodes.map((node, n) => (n % 2 === 0 ? store : other).announce(node, MINUTE)));
    }
    const last = report();
    deepEqual(among(await store.announce(last, MINUTE), ...nodes, last), [...nodes, last]);
  });

  law('rejects what no row can hold as data, and keeps the report before', async ({ store }) => {
    const first = report();
    await store.announce(first, MINUTE);
    const refused: readonly Partial<NodeReport>[] = [
      { id: 'x'.repeat(65) },
      { id: '\ud800' },
      { label: 'x'.repeat(129) },
      { label: 'a\0b' },
      { policies: { account: 'x'.repeat(65_536) } },
    ];
    for (const parts of refused) {
      await rejects(store.announce({ ...first, ...parts }, MINUTE), (error) => {
        ok(error instanceof StoreError, String(error));
        equal(error.fault, 'data');
        return true;
      });
    }
    const last = report();
    deepEqual(among(await store.announce(last, MINUTE), first), [first]);
    const longest = { id: 'ß'.repeat(64 - 12) + last.id.slice(0, 12), label: '🔒'.repeat(64), policies: {} };
    deepEqual(among(await store.announce(longest, MINUTE), longest), [longest]);
  });
}

function ageingLaws(law: NodeLaw): void {
  const timed = timedBy(law);

  timed('answers who was there within the time asked for, and not a millisecond longer', async (opened) => {
    const { store, other, advance } = opened;
    const [early, late, me] = [report(), report(), report()];
    await store.announce(early, MINUTE);
    await advance(1);
    await other.announce(late, MINUTE);
    await advance(MINUTE);
    deepEqual(among(await store.announce(me, MINUTE), early, late, me), [late, me]);
    deepEqual(among(await store.announce(me, MINUTE + 1), early, late, me), [early, late, me]);
    deepEqual(among(await store.announce(me, 0), early, late, me), [me]);
    await other.announce(early, 0);
    deepEqual(among(await store.announce(me, 0), early, late, me), [early, me]);
  });

  timed(
    'drops reports that are older than a day, and takes them up again',
    async ({ store, other, advance }) => {
      const [old, younger, me] = [report(), report(), report()];
      await store.announce(old, MINUTE);
      await advance(1);
      await other.announce(younger, MINUTE);
      await advance(DAY);
      deepEqual(among(await store.announce(me, 10 * DAY), old, younger, me), [younger, me]);
      deepEqual(among(await other.announce(old, 10 * DAY), old, younger, me), [old, younger, me]);
    },
  );

  timed('drops more of them than one call does, call by call', async ({ store, advance }) => {
    const crowd = Array.from({ length: 150 }, () => report());
    for (const node of crowd) await store.announce(node, 0);
    await advance(DAY + 1);
    const me = report();
    for (let n = 0; n < 4; n += 1) await store.announce(me, 0);
    deepEqual(among(await store.announce(me, 10 * DAY), ...crowd, me), [me]);
  });
}
