// R44 R45: a link from a mail opens the lock that it was made for, once, and nothing else.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  type AttemptRequest,
  type LinkedLock,
  LockoutConfigError,
  type LockoutEngine,
  type LockoutKey,
  LockoutUnavailableError,
  StoreError,
  type UnlockLink,
} from 'nestjs-lockout';
import { days, hours, minutes } from 'nestjs-lockout/policy';
import {
  alice,
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

const NEXT = 'the next secret of the test suite, long enough';
const GONE = { unlocked: false, reason: 'unknown' };
const OVER = { unlocked: false, reason: 'over' };
const CAPPED = { unlocked: false, reason: 'cap' };

/** The latest lock, as its event tells. */
async function latestLock(): Promise<LinkedLock> {
  const { items } = await stores.memory.list({ type: 'locked', limit: 1 });
  const [recorded] = items;
  if (!recorded) throw new Error('nothing was locked');
  const { key, event, facts } = recorded;
  return { key, since: event.at, realm: facts.realm, accountHash: facts.accountHash };
}

async function lock(engine: LockoutEngine, request: AttemptRequest = alice): Promise<LinkedLock> {
  await failTimes(engine, 5, request);
  return latestLock();
}

/** The token of a link to the lock; there has to be one. */
async function link(engine: LockoutEngine, to: LinkedLock): Promise<string> {
  const token = await engine.unlockLinks.issue(to);
  if (token === null) throw new Error('there was no link');
  return token;
}

const lockAndLink = async (engine: LockoutEngine, request?: AttemptRequest): Promise<string> =>
  link(engine, await lock(engine, request));

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The token with its n-th character changed into another one that may stand there. */
const altered = (token: string, n: number): string =>
  `${token.slice(0, n)}${token[n] === 'A' ? 'B' : 'A'}${token.slice(n + 1)}`;

describe('an unlock link', () => {
  it('opens its lock with count and escalation, and says so in the record', async () => {
    const engine = engineOf();
    const token = await lockAndLink(engine);
    const hash = engine.accounts.accountHashes({ account: 'alice' })[0];
    const redeemed = await engine.unlockLinks.redeem(token);
    expect(redeemed).toMatchObject({
      unlocked: true,
      lock: { realm: 'default', accountHash: hash, account: null },
    });
    expect([await isLocked(engine), await failuresOf(engine)]).toEqual([false, 0]);
    const { items } = await stores.memory.list({ type: 'unlocked', limit: 10 });
    expect(items.map(({ event }) => event)).toMatchObject([
      { via: 'link', by: 'owner', reason: 'unlock link', before: { failures: 5, escalation: 1 } },
    ]);
  });

  it('P6 is seen at once here, by who was refused from memory a moment ago', async () => {
    const engine = engineOf({ cacheMs: 1_000 });
    const token = await lockAndLink(engine);
    const { fromCache } = engine.totals;
    expect(await isLocked(engine)).toBe(true);
    expect(engine.totals.fromCache).toBe(fromCache + 1);
    await engine.unlockLinks.redeem(token);
    expect(await isLocked(engine)).toBe(false);
  });

  it('is used once: what comes again is told what anybody is who has no link', async () => {
    const engine = engineOf();
    const token = await lockAndLink(engine);
    await engine.unlockLinks.redeem(token);
    expect(await engine.unlockLinks.redeem(token)).toEqual(GONE);
    await lock(engine);
    expect(await engine.unlockLinks.redeem(token)).toEqual(GONE);
    expect(await engine.unlockLinks.look(token)).toBeNull();
    expect(await isLocked(engine)).toBe(true);
  });

  it('changes nothing by being looked at, however often', async () => {
    const engine = engineOf();
    const token = await lockAndLink(engine);
    const before = stores.unreliable.calls.length;
    const views = await Promise.all(Array.from({ length: 50 }, () => engine.unlockLinks.look(token)));
    const expected = { realm: 'default', until: time.now + minutes(5), expiresAt: time.now + minutes(5) };
    expect(views).toEqual(Array(50).fill(expected));
    const asked = new Set(stores.unreliable.calls.slice(before).map(({ method }) => method));
    expect([...asked].sort()).toEqual(['findUnlockLink', 'load']);
    expect(await isLocked(engine)).toBe(true);
    expect(await engine.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
  });

  it('that is altered by any one character is none', async () => {
    const engine = engineOf();
    const token = await lockAndLink(engine);
    expect(token).toMatch(/^[\w-]{43}$/);
    for (let n = 0; n < token.length; n += 1) {
      expect(await engine.unlockLinks.redeem(altered(token, n))).toEqual(GONE);
      expect(await engine.unlockLinks.look(altered(token, n))).toBeNull();
    }
    // The last character holds two bits that no byte takes: other text, the same bytes.
    const bytes = Buffer.from(token, 'base64url');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twins = Array.from(alphabet)
      .map((last) => token.slice(0, -1) + last)
      .filter((text) => text !== token && Buffer.from(text, 'base64url').equals(bytes));
    expect(twins).toHaveLength(3);
    for (const twin of twins) expect(await engine.unlockLinks.redeem(twin)).toEqual(GONE);
    for (const no of [
      '',
      `${token}=`,
      ` ${token}`,
      digestOf(token),
      null,
      undefined,
      7,
      [token],
      { token },
    ]) {
      expect(await engine.unlockLinks.redeem(no)).toEqual(GONE);
      expect(await engine.unlockLinks.look(no)).toBeNull();
    }
    expect(await isLocked(engine)).toBe(true);
    expect(await engine.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
  });

  it('is kept as a digest: the store is never told a token', async () => {
    const engine = engineOf();
    const kept: UnlockLink[] = [];
    const save = stores.memory.saveUnlockLink.bind(stores.memory);
    stores.memory.saveUnlockLink = (given) => {
      kept.push(given);
      return save(given);
    };
    const token = await lockAndLink(engine);
    const another = await link(engine, await latestLock());
    expect(another).not.toBe(token);
    expect(kept.map(({ digest }) => digest)).toEqual([digestOf(token), digestOf(another)]);
    const bytes = Buffer.from(token, 'base64url').toString('hex');
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(JSON.stringify(kept)).not.toContain(bytes);
  });

  it('ends with its life, to the millisecond, and never outlasts its lock', async () => {
    const engine = engineOf({ policies: [policy({ schedule: { kind: 'fixed', durationMs: hours(3) } })] });
    const token = await lockAndLink(engine);
    time.now += hours(1) - 1;
    expect(await engine.unlockLinks.look(token)).toMatchObject({ expiresAt: time.now + 1 });
    time.now += 1;
    expect(await engine.unlockLinks.look(token)).toBeNull();
    expect(await engine.unlockLinks.redeem(token)).toEqual(GONE);
    expect(await isLocked(engine)).toBe(true);
    const other = await link(engine, await latestLock());
    time.now += hours(1) - 1;
    expect(await engine.unlockLinks.redeem(other)).toMatchObject({ unlocked: true });
  });
});

describe('an unlock link is bound to one lock', () => {
  it('and does not open the next one, however it came to that', async () => {
    const engine = engineOf({ policies: [policy({ afterLock: 'fresh-budget' })] });
    const first = await lockAndLink(engine);
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    time.now += 1;
    const second = await lockAndLink(engine);
    expect(await engine.unlockLinks.look(first)).toBeNull();
    expect(await engine.unlockLinks.redeem(first)).toEqual(OVER);
    // Good for nothing any more, it was dropped.
    expect(await engine.unlockLinks.redeem(first)).toEqual(GONE);
    expect(await isLocked(engine)).toBe(true);
    expect(await engine.unlockLinks.redeem(second)).toMatchObject({ unlocked: true });
  });

  it('and opens no other of the account', async () => {
    const engine = engineOf({ policies: [policy({ name: 'pair', scope: ['account', 'address'] })] });
    const there = { ...alice, address: '203.0.113.5' };
    const token = await lockAndLink(engine);
    time.now += 1;
    await lock(engine, there);
    await engine.unlockLinks.redeem(token);
    expect([await isLocked(engine), await isLocked(engine, there)]).toEqual([false, true]);
  });

  it('which may be over by itself, or lifted by a password reset', async () => {
    const engine = engineOf({
      policies: [policy({ schedule: { kind: 'fixed', durationMs: minutes(90) } })],
    });
    const token = await lockAndLink(engine);
    await engine.passwordReset({ account: 'alice' });
    expect(await engine.unlockLinks.redeem(token)).toEqual(OVER);
    const to = await lock(engine);
    time.now += minutes(90);
    expect(await engine.unlockLinks.issue(to)).toBeNull();
  });
});

describe('no unlock link is made', () => {
  const noLink = async (engine: LockoutEngine): Promise<void> => {
    await failTimes(engine, 5);
    expect(await engine.unlockLinks.issue(await latestLock())).toBeNull();
  };
  const forever = { schedule: { kind: 'indefinite' } } as const;

  it("to an administrator's lock", async () => {
    const engine = engineOf({ policies: [policy({ selfService: 'all' })] });
    await engine.lock({ account: 'alice' }, time.now + hours(1), BY_ADMIN);
    expect(await engine.unlockLinks.issue(await latestLock())).toBeNull();
  });

  it('where the policy forbids it, by default to an indefinite lock; where it says all, to that too', async () => {
    await noLink(engineOf({ policies: [policy({ selfService: 'none' })] }));
    const bob = { ...alice, account: 'bob' };
    const byDefault = engineOf({ policies: [policy(forever)] });
    expect(await byDefault.unlockLinks.issue(await lock(byDefault, bob))).toBeNull();
    const all = engineOf({ policies: [policy({ ...forever, selfService: 'all' })] });
    const token = await link(all, await latestLock());
    expect(await all.unlockLinks.look(token)).toMatchObject({
      until: null,
      expiresAt: time.now + hours(1),
    });
    expect(await all.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
  });

  it('where a brand forbids it, for the lock may be of its making', async () => {
    const brands = { strict: [policy({ selfService: 'none' })] };
    await noLink(engineOf({ brands }));
  });

  it('to a lock that only watches, or of an address', async () => {
    await noLink(engineOf({ policies: [policy({ enforce: false })] }));
    const byAddress = engineOf({ policies: [policy({ name: 'address', scope: ['address'] })] });
    await noLink(byAddress);
  });

  it('to a lock that is not there: of another moment, of another record, or lifted', async () => {
    const engine = engineOf();
    const to = await lock(engine);
    expect(await engine.unlockLinks.issue({ ...to, since: to.since + 1 })).toBeNull();
    expect(await engine.unlockLinks.issue({ ...to, key: 'f'.repeat(64) })).toBeNull();
    await engine.unlock({ account: 'alice' }, BY_ADMIN);
    expect(await engine.unlockLinks.issue(to)).toBeNull();
  });

  it('where the store keeps none', async () => {
    const { memory } = stores;
    const store = new Proxy(memory, {
      get: (target, name) => {
        if (/UnlockLink$/.test(String(name))) return undefined;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const engine = engineOf({ store });
    expect(engine.unlockLinks.isSupported).toBe(false);
    expect(engineOf().unlockLinks.isSupported).toBe(true);
    expect(await engine.unlockLinks.issue(await lock(engine))).toBeNull();
    expect(await engine.unlockLinks.look('A'.repeat(43))).toBeNull();
    expect(await engine.unlockLinks.redeem('A'.repeat(43))).toEqual(GONE);
  });

  it('and one that was is refused once the policy forbids it', async () => {
    const token = await lockAndLink(engineOf());
    const strict = engineOf({ policies: [policy({ selfService: 'none' })] });
    expect(await strict.unlockLinks.look(token)).toBeNull();
    expect(await strict.unlockLinks.redeem(token)).toEqual(OVER);
    expect(await isLocked(strict)).toBe(true);
  });
});

describe('unlock links of an account are capped for a day', () => {
  const pair = [
    policy({
      name: 'pair',
      scope: ['account', 'address'],
      schedule: { kind: 'fixed', durationMs: days(3) },
    }),
  ];
  const from = (n: number): AttemptRequest => ({ ...alice, address: `192.0.2.${n}` });

  it('so many are opened, and then none is made; other accounts have their own', async () => {
    const engine = engineOf();
    for (let n = 0; n < 3; n += 1) {
      expect(await engine.unlockLinks.redeem(await lockAndLink(engine))).toMatchObject({ unlocked: true });
      time.now += 1;
    }
    expect(await engine.unlockLinks.issue(await lock(engine))).toBeNull();
    const bob = await lockAndLink(engine, { ...alice, account: 'bob' });
    expect(await engine.unlockLinks.redeem(bob)).toMatchObject({ unlocked: true });
    const elsewhere = await lockAndLink(engine, { ...alice, realm: 'staff' });
    expect(await engine.unlockLinks.redeem(elsewhere)).toMatchObject({ unlocked: true });
  });

  it('making them uses nothing up, however many: a mail may be sent again and again', async () => {
    const engine = engineOf();
    const to = await lock(engine);
    const tokens: string[] = [];
    for (let n = 0; n < 10; n += 1) tokens.push(await link(engine, to));
    expect(await engine.unlockLinks.redeem(tokens[9])).toMatchObject({ unlocked: true });
    expect(await engine.unlockLinks.redeem(tokens[0])).toEqual(OVER);
  });

  it('exactly, for any number of processes; a link that meets the cap stays', async () => {
    const options = { policies: pair, unlockLinks: { perDay: 3, lifeMs: days(1) } };
    const [here, there] = [engineOf(options), engineOf(options)];
    const tokens: string[] = [];
    for (let n = 1; n <= 8; n += 1) tokens.push(await lockAndLink(here, from(n)));
    const told = await Promise.all(
      tokens.map((token, n) => (n % 2 === 0 ? here : there).unlockLinks.redeem(token)),
    );
    expect(told.filter(({ unlocked }) => unlocked)).toHaveLength(3);
    expect(told.filter(({ unlocked }) => !unlocked)).toEqual(Array(5).fill(CAPPED));
    const { counters } = await here.status({ account: 'alice' });
    expect(counters.filter((counter) => counter.lock !== null)).toHaveLength(5);

    time.now += days(1) - 1;
    const late = tokens[told.findIndex(({ unlocked }) => !unlocked)] as string;
    // Capped, the link stays.
    expect(await here.unlockLinks.look(late)).not.toBeNull();
    expect(await here.unlockLinks.redeem(late)).toEqual(CAPPED);
  });

  it('one that opened nothing gives its part back', async () => {
    const engine = engineOf({ unlockLinks: { perDay: 1 } });
    for (let n = 0; n < 3; n += 1) {
      const token = await lockAndLink(engine);
      await engine.unlock({ account: 'alice' }, BY_ADMIN);
      expect(await engine.unlockLinks.redeem(token)).toEqual(OVER);
      time.now += 1;
    }
    expect(await engine.unlockLinks.redeem(await lockAndLink(engine))).toMatchObject({ unlocked: true });
    expect(await engine.unlockLinks.issue(await lock(engine))).toBeNull();
    time.now += days(1);
    await engine.passwordReset({ account: 'alice' });
    expect(await engine.unlockLinks.redeem(await lockAndLink(engine))).toMatchObject({ unlocked: true });
  });

  it('at none at all, if that is asked for', async () => {
    const token = await lockAndLink(engineOf());
    const engine = engineOf({ unlockLinks: { perDay: 0 } });
    expect(await engine.unlockLinks.issue(await latestLock())).toBeNull();
    expect(await engine.unlockLinks.redeem(token)).toEqual(CAPPED);
    expect(await isLocked(engine)).toBe(true);
  });
});

describe('two who use one link at once', () => {
  it('open once, in one process or in two', async () => {
    const [here, there] = [engineOf(), engineOf()];
    let lost = 0;
    for (let round = 0; round < 3; round += 1) {
      const bob = { ...alice, account: `bob ${round}` };
      const token = await lockAndLink(here, bob);
      const told = await Promise.all([here, there, here].map((engine) => engine.unlockLinks.redeem(token)));
      expect(told.filter(({ unlocked }) => unlocked)).toHaveLength(1);
      expect(told.filter((answer) => !answer.unlocked && answer.reason === 'cap')).toEqual([]);
      lost = here.totals.lostRaces + there.totals.lostRaces;
    }
    expect(lost).toBeGreaterThan(0);
    expect((await stores.memory.list({ type: 'unlocked', limit: 10 })).items).toHaveLength(3);
  });
});

describe('while the store fails', () => {
  const failAt = (method: string | RegExp, fault: 'before' | 'after'): void => {
    stores.unreliable.error = () => new StoreError('unreachable', 'Connection lost.');
    stores.unreliable.fault = (call) =>
      (typeof method === 'string' ? call.method === method : method.test(call.method)) ? fault : null;
  };
  const mend = (): void => {
    stores.unreliable.fault = () => null;
  };

  it.each(['findUnlockLink', 'takeQuota'])('at %s nothing is opened, and the link stays', async (method) => {
    for (const onStoreError of ['deny', 'allow'] as const) {
      const engine = engineOf({ onStoreError });
      const token = await lockAndLink(engine, { ...alice, account: onStoreError });
      failAt(method, 'before');
      await expect(engine.unlockLinks.redeem(token)).rejects.toThrow(LockoutUnavailableError);
      if (method === 'findUnlockLink') {
        await expect(engine.unlockLinks.look(token)).rejects.toThrow(LockoutUnavailableError);
      }
      mend();
      const other = engineOf();
      expect(await isLocked(other, { ...alice, account: onStoreError })).toBe(true);
      expect(await other.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
    }
  });

  it.each(['quotaTaken', 'saveUnlockLink'])('at %s no link is handed out', async (method) => {
    const engine = engineOf();
    const to = await lock(engine);
    failAt(method, 'before');
    await expect(engine.unlockLinks.issue(to)).rejects.toThrow(LockoutUnavailableError);
  });

  it('between the lock and the link, the lock is lifted and the link opens nothing any more', async () => {
    const engine = engineOf();
    const token = await lockAndLink(engine);
    failAt('dropUnlockLink', 'before');
    expect(await engine.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
    mend();
    time.now += 1;
    const other = engineOf();
    await lock(other);
    expect(await other.unlockLinks.look(token)).toBeNull();
    expect(await other.unlockLinks.redeem(token)).toEqual(OVER);
    expect(await isLocked(other)).toBe(true);
  });

  it('at the swap nothing is opened, the link stays, and its tries use nothing up', async () => {
    const token = await lockAndLink(engineOf());
    for (let n = 0; n < 3; n += 1) {
      failAt(/^(compareAndSwap|swapExclusively)$/, 'before');
      const engine = engineOf({ unlockLinks: { perDay: 1 } });
      await expect(engine.unlockLinks.redeem(token)).rejects.toThrow(LockoutUnavailableError);
      mend();
      expect(await isLocked(engineOf())).toBe(true);
    }
    const other = engineOf({ unlockLinks: { perDay: 1 } });
    expect(await other.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
  });

  it('so that nobody knows whether it was opened, its part is used up', async () => {
    const engine = engineOf({ unlockLinks: { perDay: 1 } });
    const token = await lockAndLink(engine);
    failAt('compareAndSwap', 'after');
    const { fault } = stores.unreliable;
    let isSwapped = false;
    stores.unreliable.fault = (call) => {
      isSwapped ||= call.method === 'compareAndSwap';
      return isSwapped && call.method === 'load' ? 'before' : fault(call);
    };
    await expect(engine.unlockLinks.redeem(token)).rejects.toThrow(LockoutUnavailableError);
    mend();
    time.now += 1;
    const other = engineOf({ unlockLinks: { perDay: 1 } });
    expect(await isLocked(other)).toBe(false);
    expect(await other.unlockLinks.issue(await lock(other))).toBeNull();
  });

  it('after the swap, who opened is told so', async () => {
    const engine = engineOf();
    const token = await lockAndLink(engine);
    failAt('compareAndSwap', 'after');
    expect(await engine.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
  });
});

describe('R21 while the secrets are swapped', () => {
  it('a link that was made before opens, where its record stands under the old secret', async () => {
    const token = await lockAndLink(engineOf());
    const after = engineOf({ secrets: [NEXT, SECRET] });
    expect(await isLocked(after)).toBe(true);
    expect(await after.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
    expect(await isLocked(after)).toBe(false);
  });

  describe('a link whose record went to the new secret meanwhile', () => {
    const moved = async (labels: boolean): Promise<{ after: LockoutEngine; token: string }> => {
      const brands = { strict: [policy({ threshold: 1 })] };
      const before = engineOf({ labels, brands, secrets: [SECRET, NEXT] });
      const after = engineOf({ labels, brands, secrets: [NEXT, SECRET], cacheMs: 0 });
      const locking = await before.begin({ ...alice, brand: 'strict' });
      const late = await after.begin(alice);
      if (!locking.allowed || !late.allowed) throw new Error('refused');
      await locking.attempt.fail();
      const to = await latestLock();
      const token = await link(before, to);
      // It settles under the lock: the state goes to the other key, and this one is emptied.
      await late.attempt.fail();
      const key = to.key as LockoutKey;
      const { records } = await stores.memory.load([key]);
      expect(records.get(key)?.state.lock).toBeNull();
      expect(await isLocked(after)).toBe(true);
      return { after, token };
    };

    it('opens where labels tell the account', async () => {
      const { after, token } = await moved(true);
      expect(await after.unlockLinks.look(token)).not.toBeNull();
      const redeemed = await after.unlockLinks.redeem(token);
      expect(redeemed).toMatchObject({ unlocked: true, lock: { account: 'alice' } });
      expect(await isLocked(after)).toBe(false);
    });

    it('is over where none do: nothing is opened', async () => {
      const { after, token } = await moved(false);
      expect(await after.unlockLinks.redeem(token)).toEqual(OVER);
      expect(await isLocked(after)).toBe(true);
    });
  });
});

describe('options', () => {
  it.each([
    [{ lifeMs: 59_999 }, /unlockLinks\.lifeMs must be a whole number from 60000 to 86400000; it is 59999/],
    [{ lifeMs: days(1) + 1 }, /unlockLinks\.lifeMs/],
    [{ perDay: -1 }, /unlockLinks\.perDay must be a whole number from 0 to 100; it is -1/],
    [{ perDay: 1.5 }, /unlockLinks\.perDay/],
  ])('%j is refused at start', (unlockLinks, message) => {
    expect(() => engineOf({ unlockLinks })).toThrow(LockoutConfigError);
    expect(() => engineOf({ unlockLinks })).toThrow(message);
  });
});
