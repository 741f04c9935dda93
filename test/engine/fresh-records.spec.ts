import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EngineOptions, LockoutEngine } from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { turns } from '../support/gate.js';
import { alice, BY_ADMIN, engineOf, failTimes, policy } from './bench.js';

const CACHE_MS = 1_000;
/** How long a slow answer is under way: most of the time that a record is fresh. */
const SLOW_MS = 900;

let clock: FakeClock;
let memory: MemoryLockoutStore;
let link: UnreliableStore;
let elsewhere: LockoutEngine;

beforeEach(() => {
  clock = new FakeClock();
  memory = new MemoryLockoutStore(clock.now);
  link = new UnreliableStore(memory);
  elsewhere = engineOf({ store: memory, clock });
});

const engine = (options: Partial<EngineOptions> = {}): LockoutEngine => {
  // What loses a race sleeps a few milliseconds, which here pass at once.
  const sleep = () => new Promise<void>((wake) => setImmediate(wake));
  return engineOf({
    store: link,
    clock: { monotonic: clock.monotonic, sleep },
    cacheMs: CACHE_MS,
    ...options,
  });
};

/** The next answer of this kind is right when it is given, and is heard so much later. */
function answerLate(name: 'load' | 'compareAndSwap'): void {
  const method = Reflect.get(link, name, link) as (...args: unknown[]) => Promise<unknown>;
  Reflect.set(link, name, async (...args: unknown[]) => {
    Reflect.set(link, name, method);
    const answer = await method.apply(link, args);
    await clock.sleep(SLOW_MS);
    return answer;
  });
}

const loadsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = link.calls.length;
  await work();
  return link.calls.slice(before).filter(({ method }) => method === 'load').length;
};

describe('P6 R27 a lock is answered from memory', () => {
  it('for as long as the record is fresh, counted from when the store was asked', async () => {
    const here = engine();
    await failTimes(elsewhere, 5);
    answerLate('load');
    const judged = here.judge(alice);
    await turns(20);
    await elsewhere.unlock({ account: 'alice' }, BY_ADMIN);
    await clock.advance(SLOW_MS);
    expect(await judged).toMatchObject({ reason: 'locked' });
    await clock.advance(CACHE_MS - SLOW_MS);
    expect((await here.begin(alice)).allowed).toBe(true);
  });

  it('and of one that this process set, from when it asked for it to be written', async () => {
    const here = engine();
    await failTimes(here, 4);
    const last = await here.begin(alice);
    if (!last.allowed) throw new Error('refused');
    answerLate('compareAndSwap');
    const settled = last.attempt.fail();
    await turns(20);
    await elsewhere.unlock({ account: 'alice' }, BY_ADMIN);
    await clock.advance(SLOW_MS);
    await settled;
    await clock.advance(CACHE_MS - SLOW_MS);
    expect((await here.begin(alice)).allowed).toBe(true);
  });

  it('to the millisecond', async () => {
    const here = engine();
    await failTimes(elsewhere, 5);
    await here.judge(alice);
    await clock.advance(CACHE_MS - 1);
    expect(await loadsOf(() => here.judge(alice))).toBe(0);
    await clock.advance(1);
    expect(await loadsOf(() => here.judge(alice))).toBe(1);
  });
});

describe('what is remembered of the store', () => {
  it('is dropped where a swap lost: it is loaded once, and the next swap wins', async () => {
    const here = engine();
    await failTimes(here, 1);
    await failTimes(elsewhere, 1);
    const { lostRaces, held } = here.totals;
    expect((await here.begin(alice)).allowed).toBe(true);
    expect(here.totals.lostRaces - lostRaces).toBe(1);
    expect(here.totals.held - held).toBe(0);
  });

  it('is nothing where nothing may be (cacheMs 0): each decision asks', async () => {
    const here = engine({ cacheMs: 0 });
    await failTimes(here, 1);
    expect(await loadsOf(() => here.begin(alice))).toBe(1);
    const [load] = link.calls.slice(-2);
    // The account's record, and the administrator's lock.
    expect(load).toMatchObject({ method: 'load', keys: [expect.anything(), expect.anything()] });
  });

  it('P12 is no more than cacheSize: names that anybody may send push out what came before', async () => {
    const here = engine({ cacheSize: 10, policies: [policy({ threshold: 1 })] });
    await failTimes(here, 1);
    await here.judge(alice);
    expect(await loadsOf(() => here.judge(alice))).toBe(0);
    for (let n = 0; n < 10; n += 1) await here.judge({ ...alice, account: `user-${n}` });
    expect(await loadsOf(() => here.judge(alice))).toBe(1);
  });
});

describe('P1 a lock in memory that does not refuse an attempt', () => {
  it.each([
    ['because it only watches', { enforce: false }, 0],
    ['because it is over', { schedule: { kind: 'fixed', durationMs: 500 } }, 500],
  ] as const)('does not let it through uncharged, %s', async (_, watching, wait) => {
    const policies = [policy(), policy({ name: 'watching', threshold: 1, ...watching })];
    const here = engine({ policies });
    let verified = 0;
    for (let n = 0; n < 20; n += 1) {
      const begun = await here.begin(alice);
      if (begun.allowed) {
        verified += 1;
        await begun.attempt.fail();
      }
      await clock.advance(wait);
    }
    expect(verified).toBe(5);
  });
});
