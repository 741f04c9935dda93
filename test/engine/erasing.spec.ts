import { describe, expect, it } from '@jest/globals';
import { type AttemptRequest, type LockoutEngine, LockoutUnavailableError, StoreError } from 'nestjs-lockout';
import {
  alice,
  allKeys,
  BY_ADMIN,
  engineOf,
  failTimes,
  failuresOf,
  isLocked,
  policy,
  SECRET,
  stores,
  time,
} from './bench.js';

const ALICE = { account: 'alice' };
const FROM: AttemptRequest = { ...alice, device: 'laptop-1', userAgent: 'Mozilla/5.0 (X11)' };
const NOTIFYING = [
  policy({ notify: { from: 1 } }),
  policy({ name: 'pair', scope: ['account', 'address'], notify: { from: 1 } }),
  policy({ name: 'address', scope: ['address'], threshold: 50, notify: { from: 1 } }),
];

const recorded = async () => (await stores.memory.list({ limit: 1_000 })).items;
const counted = async () => {
  const { slices } = await stores.memory.shape({
    realms: ['default'],
    from: time.now - 1_000,
    to: time.now + 1_000,
    sliceMs: 2_000,
    top: 1,
  });
  return Object.fromEntries(slices.map(({ type, count }) => [type, count]));
};
/** Everything that is stored of the account, records and events, as text. */
async function everything(engine: LockoutEngine): Promise<string> {
  const { records } = await stores.memory.load(await allKeys(engine));
  return JSON.stringify([...records.values(), ...(await recorded())]);
}

describe('an erased account', () => {
  it('is nowhere any more, in no record and no event, and what happened is counted as before', async () => {
    const engine = engineOf({ labels: true, policies: NOTIFYING });
    await failTimes(engine, 2, { ...FROM, address: '192.0.2.9' });
    await failTimes(engine, 3, FROM);
    await failTimes(engine, 1, { ...FROM, account: 'bob' });
    await engine.lock(ALICE, null, { by: 'ops', reason: 'phished' });
    const before = await counted();
    const hashes = engine.accounts.accountHashes(ALICE);
    expect(await everything(engine)).toMatch(/alice/);

    const erased = await engine.accounts.erase(ALICE, BY_ADMIN);

    const text = await everything(engine);
    expect(text).not.toMatch(/alice|"accountLabel":"[^b]/);
    for (const { facts, event } of await recorded()) {
      expect(hashes).not.toContain(facts.accountHash);
      if ('origin' in event) expect(event.origin?.account).toBe('bob');
    }
    expect(await engine.status(ALICE)).toMatchObject({ locked: false });
    const { counters } = await engine.status(ALICE);
    expect(counters.map(({ failures, account }) => [failures, account])).toEqual(Array(4).fill([0, null]));
    // What was lifted by it is recorded, too; nothing was taken out of the count.
    const { administered, unlocked, cleared, ...after } = await counted();
    expect(after).toEqual(before);
    expect({ administered, unlocked, cleared }).toEqual({ administered: 1, unlocked: 2, cleared: 2 });
    expect(erased).toEqual({ counters: 4, events: 5 * 3 + 1 + 4 });
  });

  it('is recorded with who did it and why, but without whom', async () => {
    const told: unknown[] = [];
    const engine = engineOf({ labels: true, onEvent: (event) => told.push(event) });
    await failTimes(engine, 5, { ...alice, realm: 'staff' });
    await engine.accounts.erase({ ...ALICE, realm: 'staff' }, BY_ADMIN);
    const [entry] = (await recorded()).filter(({ event }) => event.type === 'administered');
    expect(entry).toMatchObject({
      key: '0'.repeat(64),
      event: { type: 'administered', at: time.now, action: 'erase', ...BY_ADMIN, count: 2 },
      facts: { realm: 'staff', counter: 'administration', scope: 'administration', accountHash: null },
    });
    expect(told.at(-1)).toEqual(entry?.event);
  });

  it('begins anew, although its policies keep count and escalation of whom an administrator unlocks', async () => {
    const keeping = policy({ unlockKeepsCount: true, unlockKeepsEscalation: true });
    const engine = engineOf({ policies: [keeping] });
    await failTimes(engine, 5);
    await engine.accounts.erase(ALICE, BY_ADMIN);
    expect(await failuresOf(engine)).toBe(0);
    await failTimes(engine, 4);
    expect(await isLocked(engine)).toBe(false);
    await engine.accounts.erase(ALICE, BY_ADMIN);
    expect(await counted()).toMatchObject({ unlocked: 1, cleared: 1, administered: 2 });
  });

  it('R4 gets nothing back from an attempt that was in flight', async () => {
    const engine = engineOf({ labels: true, policies: NOTIFYING.slice(0, 2) });
    await failTimes(engine, 1, FROM);
    const begun = [await engine.begin(FROM), await engine.begin(FROM), await engine.begin(FROM)];
    await engine.accounts.erase(ALICE, BY_ADMIN);
    await failTimes(engine, 2, { ...FROM, device: null, userAgent: null });
    const events = (await recorded()).length;
    const attempts = begun.flatMap((one) => (one.allowed ? [one.attempt] : []));
    expect(attempts).toHaveLength(3);
    expect(await attempts[0]?.fail()).toMatchObject({ locked: [] });
    await attempts[1]?.abandon();
    expect(await attempts[2]?.succeed()).toMatchObject({ refusal: null });
    // The two failures since then were seen by none of them.
    expect(await failuresOf(engine)).toBe(2);
    expect(await recorded()).toHaveLength(events);
    expect(await everything(engine)).not.toMatch(/laptop|Mozilla/);
  });

  it('leaves what was counted by address alone', async () => {
    const engine = engineOf({ labels: true, policies: [policy({ name: 'address', scope: ['address'] })] });
    await failTimes(engine, 5, FROM);
    await engine.accounts.erase(ALICE, BY_ADMIN);
    expect(await isLocked(engine, { ...alice, account: 'bob' })).toBe(true);
    expect(JSON.stringify(await recorded())).not.toMatch(/alice|laptop|Mozilla/);
    expect((await recorded())[1]).toMatchObject({
      event: { type: 'locked' },
      facts: { addressLabel: '192.0.2.1' },
    });
  });

  it('R21 is erased under all secrets while they are rotated', async () => {
    const next = 'the next secret of the test suite, long enough';
    await failTimes(engineOf({ labels: true, policies: NOTIFYING }), 2, FROM);
    const engine = engineOf({ labels: true, policies: NOTIFYING, secrets: [next, SECRET] });
    await failTimes(engine, 2, FROM);
    const hashes = engine.accounts.accountHashes(ALICE);
    expect(hashes).toHaveLength(2);
    await engine.accounts.erase(ALICE, BY_ADMIN);
    expect(JSON.stringify(await recorded())).not.toMatch(/alice|laptop/);
    for (const hash of hashes) {
      expect((await stores.memory.list({ account: hash, limit: 1 })).items).toEqual([]);
      for (const { state, facts } of await stores.memory.ofAccount(hash)) {
        expect({ failures: state.failures, label: facts.accountLabel }).toEqual({ failures: 0, label: null });
      }
    }
  });

  it('may be a name that nobody has, and may be known by its hashes alone', async () => {
    const engine = engineOf({ labels: true });
    const nobody = { ...alice, account: { unknown: 'Nobody' } };
    await failTimes(engine, 5, nobody);
    await failTimes(engine, 5);
    expect(await engine.accounts.erase({ account: nobody.account }, BY_ADMIN)).toEqual({
      counters: 1,
      events: 2,
    });
    const hashes = engine.accounts.accountHashes(ALICE);
    expect(await engine.accounts.erase({ realm: 'default', hashes, label: null }, BY_ADMIN)).toEqual({
      counters: 1,
      events: 2,
    });
    expect(JSON.stringify(await recorded())).not.toMatch(/alice|nobody/i);
    expect(await engine.accounts.erase(ALICE, BY_ADMIN)).toEqual({ counters: 0, events: 0 });
  });

  it('is erased in bounded steps, however much there is of it', async () => {
    const engine = engineOf({ policies: [policy({ threshold: 1_000, notify: { from: 1 } })] });
    await failTimes(engine, 450);
    expect(await engine.accounts.erase(ALICE, BY_ADMIN)).toEqual({ counters: 1, events: 451 });
    const steps = stores.unreliable.calls.filter(({ method }) => method === 'eraseEvents');
    expect(steps.length).toBeGreaterThan(2);
    const { items } = await stores.memory.list({ type: 'administered', limit: 10 });
    expect(items.map(({ event }) => event)).toMatchObject([{ count: 451 }]);
  });

  it('is erased whole when it is asked for again, where the store failed on the way', async () => {
    const engine = engineOf({ labels: true, policies: NOTIFYING });
    await failTimes(engine, 4, FROM);
    let faults = 1;
    stores.unreliable.error = () => new StoreError('unreachable', 'Connection lost');
    stores.unreliable.fault = ({ method }) => (method === 'eraseEvents' && faults-- > 0 ? 'before' : null);
    await expect(engine.accounts.erase(ALICE, BY_ADMIN)).rejects.toThrow(LockoutUnavailableError);
    expect(await engine.accounts.erase(ALICE, BY_ADMIN)).toMatchObject({ counters: 0 });
    expect(JSON.stringify(await recorded())).not.toMatch(/alice|laptop/);
  });

  it('is told of to nobody any more, but that somebody was erased', async () => {
    const engine = engineOf({ labels: true, policies: NOTIFYING, deliverTo: () => ['siem'] });
    await failTimes(engine, 2, FROM);
    await engine.accounts.erase(ALICE, BY_ADMIN);
    const { items } = await stores.memory.deliveries({ state: 'waiting', limit: 100 });
    expect(items.map(({ event }) => [event.event.type, event.facts.scope])).toEqual([
      ['failed', 'address'],
      ['failed', 'address'],
      ['administered', 'administration'],
    ]);
    expect(JSON.stringify(items)).not.toMatch(/alice|laptop/);
  });
});
