import { setTimeout as sleep } from 'node:timers/promises';
import { trueNow } from './skewed-date.mjs';

/** What `--flaw` can be: mistakes that stores like this one are made with. */
export const FLAWS = ['read-then-write', 'version-not-compared', 'lock-cleared-on-success', 'app-clock'];

/** An answer's way back from a database across a network, ms. */
const WAY_BACK_MS = 5;

/**
 * Writes whatever is there, as an upsert without a condition does.
 *
 * @param {import('nestjs-lockout').LockoutStore} store
 */
async function overwrite(store, swaps, options) {
  let left = swaps;
  while (left.length > 0) {
    const { now, records } = await store.load(left.map(({ key }) => key));
    const current = left.map((swap) => ({ ...swap, expected: records.get(swap.key)?.version ?? null }));
    const lost = await store.compareAndSwap(current, { ...options, now });
    left = left.filter(({ key }) => lost.has(key));
  }
}

const ALL_WON = new Set();

/** Each takes a store and returns the methods that differ. @type {Record<string, (store: any) => Record<string, Function>>} */
const CHANGES = {
  // The versions are compared by the process, and then it writes.
  'read-then-write': (store) => {
    const compareAndSwap = async (swaps, options) => {
      const { records } = await store.load(swaps.map(({ key }) => key));
      const lost = new Set(
        swaps
          .filter((swap) => (records.get(swap.key)?.version ?? null) !== swap.expected)
          .map(({ key }) => key),
      );
      if (options.atomic && lost.size > 0) return lost;
      await sleep(WAY_BACK_MS);
      await overwrite(
        store,
        swaps.filter(({ key }) => !lost.has(key)),
        options,
      );
      return lost;
    };
    return { compareAndSwap, swapExclusively: withoutHolding(store, compareAndSwap) };
  },
  'version-not-compared': (store) => {
    const compareAndSwap = async (swaps, options) => {
      await overwrite(store, swaps, options);
      return ALL_WON;
    };
    return { compareAndSwap, swapExclusively: withoutHolding(store, compareAndSwap) };
  },
  // The rule as many write it: whoever signs in has shown who they are, so the lock goes.
  'lock-cleared-on-success': (store) => {
    const before = new Map();
    const remember = (loaded) => {
      for (const { key, state } of loaded.records.values()) before.set(key, state);
      return loaded;
    };
    const careless = (swaps) =>
      swaps.map((swap) => {
        const known = before.get(swap.key);
        before.set(swap.key, swap.state);
        // A charge went and no failure came of it.
        const succeeded =
          known &&
          known.failureSeq === swap.state.failureSeq &&
          known.pending.length > swap.state.pending.length;
        return succeeded ? { ...swap, state: { ...swap.state, lock: null } } : swap;
      });
    return {
      load: async (keys) => remember(await store.load(keys)),
      compareAndSwap: (swaps, options) => store.compareAndSwap(careless(swaps), options),
      swapExclusively: (keys, decide) =>
        store.swapExclusively(keys, (loaded) => careless(decide(remember(loaded)))),
    };
  },
  // Every process decides by its own wall clock, and nothing compares it with the store's.
  'app-clock': (store) => ({
    load: async (keys) => ({ ...(await store.load(keys)), now: Date.now() }),
    compareAndSwap: (swaps, options) => store.compareAndSwap(swaps, { ...options, now: trueNow() }),
    swapExclusively: (keys, decide) =>
      store.swapExclusively(keys, (loaded) => decide({ ...loaded, now: Date.now() })),
  }),
};

const withoutHolding = (store, compareAndSwap) => async (keys, decide) => {
  const loaded = await store.load(keys);
  return compareAndSwap(decide(loaded), { now: loaded.now });
};

/**
 * The store with one mistake built in, for showing that the run would find it.
 *
 * @template {object} Store
 * @param {Store} store
 * @param {string} flaw one of {@link FLAWS}
 * @returns {Store}
 */
export function flawedStore(store, flaw) {
  const changes = CHANGES[flaw]?.(store);
  if (!changes) throw new Error(`There is no flaw "${flaw}": ${FLAWS.join(', ')}`);
  return new Proxy(store, {
    get(target, name) {
      if (Object.hasOwn(changes, name)) return changes[/** @type {string} */ (name)];
      const member = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
