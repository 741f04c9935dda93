import { beforeEach, describe, expect, it } from '@jest/globals';
import { definePolicy } from '../policy/define-policy.js';
import { minutes } from '../policy/duration.js';
import { MemoryLockoutStore } from '../store/memory-store.js';
import type { LockoutRecord } from '../store/record.js';
import { LockoutEngine } from './lockout-engine.js';
import { RecordsChangedError, tagOfRecords } from './seen-records.js';

const ACTOR = { by: 'admin', reason: 'called us' };
const ALICE = { account: 'alice' };
const NOW = Date.UTC(2026, 0, 1);

/** Two processes on one store. */
const store = () => new MemoryLockoutStore(() => NOW);
const engineOn = (shared: MemoryLockoutStore) =>
  new LockoutEngine({
    store: shared,
    secrets: ['a secret of the test suite, long enough'],
    policies: [
      definePolicy({
        name: 'login',
        threshold: 2,
        schedule: { kind: 'fixed', durationMs: minutes(5) },
      }),
    ],
    waitMs: 0,
  });

const fail = async (engine: LockoutEngine): Promise<void> => {
  const begun = await engine.begin({ ...ALICE, method: 'password' });
  if (begun.allowed) await begun.attempt.fail();
};

describe('a tag', () => {
  const record = (key: string, version: string) => ({ key, version }) as LockoutRecord;

  it('is the same for the same records in any order, and another for any other', () => {
    const two = [record('aa', '01'), record('bb', '02')];
    expect(tagOfRecords(two)).toMatch(/^[0-9a-f]{32}$/);
    expect(tagOfRecords([...two].reverse())).toBe(tagOfRecords(two));
    const others = [
      [],
      two.slice(1),
      [record('aa', '01'), record('bb', '03')],
      [record('aa', '02'), record('bb', '01')],
      [...two, record('cc', '03')],
    ];
    expect(new Set([two, ...others].map(tagOfRecords)).size).toBe(others.length + 1);
  });
});

describe('acting on what was seen', () => {
  let shared: MemoryLockoutStore;
  let mine: LockoutEngine;
  let other: LockoutEngine;

  beforeEach(() => {
    shared = store();
    mine = engineOn(shared);
    other = engineOn(shared);
  });

  const find = async () => {
    const [hash] = mine.accounts.accountHashes(ALICE);
    return hash ? shared.ofAccount(hash) : [];
  };
  const seen = async () => ({ tags: [tagOfRecords(await find())], find });

  /** Somebody else acts once, as late as can be: after this process read, or right before it writes. */
  const meanwhile = (act: () => Promise<void>): void => {
    const load = shared.load.bind(shared);
    const swapExclusively = shared.swapExclusively.bind(shared);
    let acted = false;
    const once = async (): Promise<void> => {
      if (acted) return;
      acted = true;
      await act();
    };
    shared.load = async (keys) => {
      const loaded = await load(keys);
      await once();
      return loaded;
    };
    shared.swapExclusively = async (keys, decide) => {
      await once();
      return swapExclusively(keys, decide);
    };
  };

  it('a lock is not set over a record that changed meanwhile, though it only reads that one', async () => {
    await fail(other);
    const before = await seen();
    meanwhile(() => fail(other));
    await expect(mine.accounts.lock(ALICE, null, ACTOR, before)).rejects.toBeInstanceOf(RecordsChangedError);
    const records = await find();
    expect(records.map(({ facts }) => facts.counter)).toEqual(['login']);
    expect(records[0]?.state.failures).toBe(2);
  });

  it('an unlock lifts nothing that was locked anew by another process', async () => {
    await fail(other);
    await fail(other);
    const before = await seen();
    await other.unlock(ALICE, ACTOR);
    await fail(other);
    await fail(other);
    await expect(mine.accounts.unlockRecords([find], ACTOR, before)).rejects.toBeInstanceOf(
      RecordsChangedError,
    );
    expect((await mine.status(ALICE)).locked).toBe(true);
    expect(await mine.accounts.unlockRecords([find], ACTOR, await seen())).toMatchObject({ changed: true });
  });
});
