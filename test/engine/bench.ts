import { beforeEach } from '@jest/globals';
import {
  type AttemptRequest,
  type EngineOptions,
  LockoutEngine,
  type LockoutKey,
  type Swap,
  type SwapOptions,
} from 'nestjs-lockout';
import { definePolicy, type LockoutPolicy, minutes, type PolicyInput } from 'nestjs-lockout/policy';
import { MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';

export const SECRET = 'a secret of the test suite, long enough';
export const BY_ADMIN = { by: 'admin', reason: 'called the help desk' };

/** The store's clock, epoch ms; tests move it. */
export const time = { now: 0 };
/** Fresh for every test. `unreliable` is what engines are given; `memory` is what lies behind it. */
export const stores = {} as { memory: MemoryLockoutStore; unreliable: UnreliableStore };

beforeEach(() => {
  time.now = Date.UTC(2026, 0, 1);
  stores.memory = new MemoryLockoutStore(() => time.now);
  stores.unreliable = new UnreliableStore(stores.memory);
});

export const policy = (input: Partial<PolicyInput> & { name?: string } = {}): LockoutPolicy =>
  definePolicy({
    name: 'account',
    threshold: 5,
    schedule: { kind: 'fixed', durationMs: minutes(5) },
    ...input,
  } as PolicyInput);

export const engineOf = (options: Partial<EngineOptions> = {}): LockoutEngine =>
  new LockoutEngine({
    store: stores.unreliable,
    secrets: [SECRET],
    policies: [policy()],
    waitMs: 0,
    ...options,
  });

export const alice: AttemptRequest = { account: 'alice', method: 'password', address: '192.0.2.1' };

/** One guess through `protect`; counts how often the verifier ran. */
export function guesser(correct = false) {
  const verified = { count: 0 };
  const guess = async (engine: LockoutEngine, request: AttemptRequest = alice) => {
    const done = await engine.protect(request, async () => {
      verified.count += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return correct;
    });
    return done.outcome;
  };
  return { verified, guess };
}

export async function failTimes(
  engine: LockoutEngine,
  times: number,
  request: AttemptRequest = alice,
): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const begun = await engine.begin(request);
    if (!begun.allowed) throw new Error(`refused at failure ${n + 1}`);
    await begun.attempt.fail();
  }
}

export const isLocked = async (engine: LockoutEngine, request: AttemptRequest = alice) =>
  (await engine.judge(request))?.reason === 'locked';

export const failuresOf = async (engine: LockoutEngine, account = 'alice') =>
  (await engine.status({ account })).counters
    .filter((counter) => counter.policy === 'account')
    .map((counter) => counter.failures)[0] ?? 0;

export const THREE = [
  policy({ name: 'account' }),
  policy({ name: 'address', scope: ['address'], threshold: 50 }),
  policy({ name: 'pair', scope: ['account', 'address'] }),
];

/** Keys of every record of the account. */
export async function allKeys(engine: LockoutEngine, account = 'alice'): Promise<LockoutKey[]> {
  const [hash] = engine.accounts.accountHashes({ account });
  return hash ? (await stores.memory.ofAccount(hash)).map((record) => record.key) : [];
}

/** The store of this test; just before the first swap through it, `meanwhile` happens, as if in another process. */
export function beforeSwap(meanwhile: () => Promise<unknown>): UnreliableStore {
  let pending: typeof meanwhile | null = meanwhile;
  return new Proxy(stores.unreliable, {
    get(target, name) {
      if (name !== 'compareAndSwap') return Reflect.get(target, name, target) as unknown;
      return async (swaps: readonly Swap[], options: SwapOptions) => {
        const work = pending;
        pending = null;
        await work?.();
        return target.compareAndSwap(swaps, options);
      };
    },
  });
}
