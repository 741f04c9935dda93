import { describe, expect, it } from '@jest/globals';
import type { FoundUnlockLink, UnlockLink } from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore, quotasContract, unlockLinksContract } from 'nestjs-lockout/testing';
import { brokenLaws } from '../support/declared-laws.js';

const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Looks whether there is one left, and takes it later: the read and the write are two. */
class LateTaker extends MemoryLockoutStore {
  override async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    const left = (await super.quotaTaken(id)) < limit;
    await aTurn();
    return left && super.takeQuota(id, 1_000_000, windowMs).then(() => true);
  }
}

/** Counts who is refused, too. */
class Counting extends MemoryLockoutStore {
  override async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    await super.takeQuota(id, 1_000_000, windowMs);
    return (await super.quotaTaken(id)) <= limit;
  }
}

/** Gives back what nobody took. */
class Generous extends MemoryLockoutStore {
  private readonly credit = new Map<string, number>();

  override async takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    const credit = this.credit.get(id) ?? 0;
    if (credit > 0) this.credit.set(id, credit - 1);
    return credit > 0 || super.takeQuota(id, limit, windowMs);
  }

  override async returnQuota(id: string): Promise<void> {
    this.credit.set(id, (this.credit.get(id) ?? 0) + 1);
  }
}

/** Takes one by asking. */
class Nosy extends MemoryLockoutStore {
  override async quotaTaken(id: string): Promise<number> {
    await super.takeQuota(id, 1_000_000, 3_600_000);
    return super.quotaTaken(id);
  }
}

/** Believes whatever it is told. */
class Credulous extends MemoryLockoutStore {
  override takeQuota(id: string, limit: number, windowMs: number): Promise<boolean> {
    return super.takeQuota(id.padEnd(64, '0').slice(0, 64).toLowerCase(), Math.ceil(limit) || 1, windowMs);
  }
}

/** Forgets a link by looking at it: a scanner would use it up. */
class OneLook extends MemoryLockoutStore {
  override async findUnlockLink(digest: string): Promise<FoundUnlockLink | null> {
    const found = await super.findUnlockLink(digest);
    await super.dropUnlockLink(digest);
    return found;
  }
}

/** Keeps links for good. */
class Endless extends MemoryLockoutStore {
  override saveUnlockLink(link: UnlockLink): Promise<void> {
    return super.saveUnlockLink({ ...link, expiresAt: link.expiresAt + 86_400_000 });
  }
}

/** Tells everybody that it was they who took the link away. */
class Flatterer extends MemoryLockoutStore {
  override async dropUnlockLink(digest: string): Promise<boolean> {
    await super.dropUnlockLink(digest);
    return true;
  }
}

function brokenBy(Store: typeof MemoryLockoutStore): Promise<string[]> {
  const open = async () => {
    const clock = new FakeClock();
    return {
      store: new Store(clock.now),
      now: async () => clock.now(),
      advance: (ms: number) => clock.advance(ms),
      close: async () => undefined,
    };
  };
  return brokenLaws((runner) => {
    quotasContract(runner, Store.name, open);
    unlockLinksContract(runner, Store.name, open);
  });
}

describe('the contracts of quotas and of unlock links', () => {
  it('hold for a store that is not broken', async () => {
    expect(await brokenBy(MemoryLockoutStore)).toEqual([]);
  });

  it.each<[typeof MemoryLockoutStore, RegExp]>([
    [LateTaker, /^gives no more and no fewer to many who take/],
    [LateTaker, /^gives no more and no fewer to many who begin/],
    [Counting, /^tells each caller by its own limit/],
    [Generous, /^gives to another what was given back/],
    [Generous, /^what is given back after its window/],
    [Nosy, /^tells how many are taken, and takes none/],
    [Credulous, /^rejects what no row can hold as data, and takes/],
    [OneLook, /^finds what was kept/],
    [Endless, /^a link is as one that never was from its end on/],
    [Flatterer, /^takes a link away for good/],
  ])('are broken by %p, where they say %p', async (Store, law) => {
    const broken = await brokenBy(Store);
    expect(broken.filter((title) => law.test(title))).toHaveLength(1);
  });
});
