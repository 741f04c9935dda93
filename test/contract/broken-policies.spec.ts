import { describe, expect, it } from '@jest/globals';
import type { NodeReport, PolicyRevision, PolicySave, SavedPolicies } from 'nestjs-lockout';
import {
  FakeClock,
  MemoryLockoutStore,
  nodeRegistryContract,
  policyStoreContract,
} from 'nestjs-lockout/testing';
import { brokenLaws } from '../support/declared-laws.js';

const NOW = 1_900_000_000_000;
const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Looks whether the version is the latest, and writes what comes next later: the read and the write are two. */
class LateWriter extends MemoryLockoutStore {
  override async savePolicy(save: PolicySave): Promise<PolicyRevision | null> {
    if ((await this.latestVersion(save)) !== save.expected) return null;
    await aTurn();
    return super.savePolicy({ ...save, expected: await this.latestVersion(save) });
  }

  protected async latestVersion(save: PolicySave): Promise<number> {
    return (await this.policyHistory(save, { limit: 1 })).items[0]?.version ?? 0;
  }
}

/** Takes the next free number, whatever was expected: the last one to save wins. */
class LastWriterWins extends LateWriter {
  override async savePolicy(save: PolicySave): Promise<PolicyRevision | null> {
    return MemoryLockoutStore.prototype.savePolicy.call(this, {
      ...save,
      expected: await this.latestVersion(save),
    });
  }
}

/** Answers what it knew a moment ago to whoever asks for the count. */
class StaleCount extends MemoryLockoutStore {
  private known = 0;

  override async policyCount(): Promise<number> {
    const answer = this.known;
    this.known = await super.policyCount();
    return answer;
  }
}

/** Counts after it read: what is saved in between is counted and not known. */
class CountsLast extends MemoryLockoutStore {
  override async savedPolicies(): Promise<SavedPolicies> {
    const { revisions } = await super.savedPolicies();
    await aTurn();
    return { revisions, count: await super.policyCount() };
  }
}

/** Compares names as the default collation of a database may. */
class IgnoresCase extends MemoryLockoutStore {
  override savePolicy(save: PolicySave): Promise<PolicyRevision | null> {
    const brand = save.brand === null ? null : save.brand.trim().toLowerCase();
    return super.savePolicy({ ...save, brand });
  }
}

/** Knows its processes, and never forgets one. */
class Hoarder extends MemoryLockoutStore {
  private readonly all = new Map<string, NodeReport>();

  override async announce(node: NodeReport, withinMs: number): Promise<readonly NodeReport[]> {
    await super.announce(node, withinMs);
    const { id, label, policies: hashes } = node;
    this.all.set(id, { id, label, policies: hashes });
    return [...this.all.values()];
  }
}

const brokenBy = (Store: typeof MemoryLockoutStore): Promise<string[]> =>
  brokenLaws((runner) =>
    policyStoreContract(runner, Store.name, async () => ({
      store: new Store(() => NOW),
      close: async () => undefined,
    })),
  );

describe('the contract of saved policies', () => {
  it('holds for a store that is not broken', async () => {
    expect(await brokenBy(MemoryLockoutStore)).toEqual([]);
  });

  it.each<[typeof MemoryLockoutStore, RegExp]>([
    [LateWriter, /exactly one wins/],
    [LateWriter, /lose nothing/],
    [LastWriterWins, /did not know the latest version/],
    [StaleCount, /misses no save/],
    [CountsLast, /misses no save/],
    [IgnoresCase, /keeps targets apart/],
  ])('is broken by %p, where it says %p', async (Store, law) => {
    const broken = await brokenBy(Store);
    expect(broken.filter((title) => law.test(title))).toHaveLength(1);
  });
});

describe('the contract of processes', () => {
  it('is broken by a list that forgets nobody', async () => {
    const broken = await brokenLaws((runner) =>
      nodeRegistryContract(runner, 'hoarder', async () => {
        const clock = new FakeClock(NOW);
        return {
          store: new Hoarder(clock.now),
          advance: (ms) => clock.advance(ms),
          close: async () => undefined,
        };
      }),
    );
    expect(broken).toEqual([
      'answers who was there within the time asked for, and not a millisecond longer',
      'drops reports that are older than a day, and takes them up again',
      'drops more of them than one call does, call by call',
    ]);
  });
});
