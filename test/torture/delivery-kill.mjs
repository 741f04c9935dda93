import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';

/**
 * Where a process can be killed between a swap and the end of its delivery, in the order in which they come. `during-deliver`
 * is the receiver's: it kills who sends, before it answers.
 */
export const STEPS = [
  'before-commit',
  'after-commit',
  'after-claim',
  'during-deliver',
  'after-deliver',
  'after-finish',
];

/** Ends this process at the step that it was told, as a power failure would. */
export class Killer {
  /** @type {string | null} */
  #step = null;
  /** Whose statements are those of a swap that made events. */
  #swap = new AsyncLocalStorage();

  /** @param {string | null} step */
  arm(step) {
    this.#step = step;
  }

  /** @param {string} step */
  reach(step) {
    if (this.#step === step) process.kill(process.pid, 'SIGKILL');
  }

  /**
   * The store with the steps in it. The driver's COMMIT is the step before it, so that everything of the transaction was
   * written by then; Redis knows none, and does all of it at once.
   *
   * @template {object} Store
   * @param {Store} store
   * @param {string} kind
   * @returns {Store}
   */
  watch(store, kind) {
    const hasCommit = hookCommit(kind, () => {
      if (this.#swap.getStore()) this.reach('before-commit');
    });
    const swapping = async (work, swaps) => {
      const isTold = () => swaps().some(({ events }) => events.length > 0);
      if (!hasCommit && isTold()) this.reach('before-commit');
      const lost = await this.#swap.run(true, work);
      if (swaps().some(({ key, events }) => events.length > 0 && !lost.has(key))) this.reach('after-commit');
      return lost;
    };
    const steps = {
      compareAndSwap: (swaps, options) => {
        const work = () => store.compareAndSwap(swaps, options);
        return swaps.some(({ events }) => events.length > 0) ? swapping(work, () => swaps) : work();
      },
      swapExclusively: (keys, decide) => {
        let swaps = [];
        const work = () =>
          store.swapExclusively(keys, (loaded) => {
            swaps = decide(loaded);
            return swaps;
          });
        return swapping(work, () => swaps);
      },
      claimDeliveries: async (claim) => {
        const claimed = await store.claimDeliveries(claim);
        if (claimed.length > 0) this.reach('after-claim');
        return claimed;
      },
      finishDelivery: async (id, token) => {
        this.reach('after-deliver');
        const finished = await store.finishDelivery(id, token);
        this.reach('after-finish');
        return finished;
      },
    };
    return new Proxy(store, {
      get(target, name) {
        if (Object.hasOwn(steps, name)) return steps[/** @type {keyof typeof steps} */ (name)];
        const member = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }
}

/** Calls before each COMMIT that the driver sends; false: there is none. */
function hookCommit(kind, call) {
  const require = createRequire(import.meta.url);
  const hook = (prototype, method, textOf) => {
    const original = prototype[method];
    prototype[method] = function (...args) {
      if (textOf(args[0]) === 'COMMIT') call();
      return original.apply(this, args);
    };
  };
  switch (kind) {
    case 'mariadb': {
      let { prototype } = require('mysql2').Connection;
      while (!Object.hasOwn(prototype, 'query')) prototype = Object.getPrototypeOf(prototype);
      hook(prototype, 'query', (query) => query?.sql);
      return true;
    }
    case 'postgres':
      hook(require('pg').Client.prototype, 'query', (query) => query?.text);
      return true;
    case 'sqlite':
      hook(require('libsql').prototype, 'exec', (sql) => sql);
      return true;
    default:
      return false;
  }
}
