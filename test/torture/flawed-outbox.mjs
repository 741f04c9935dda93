import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/** Mistakes that outboxes are made with; on SQLite, whose file anybody can write. */
export const OUTBOX_FLAWS = ['late-row', 'no-lanes'];

/** As the library names its events: a hash of key, version and place. */
function eventId({ key, version }, n) {
  const place = Buffer.alloc(4);
  place.writeUInt32BE(n);
  const hash = createHash('sha256').update(Buffer.from(key, 'hex')).update(Buffer.from(version, 'hex'));
  return hash.update(place).digest().subarray(0, 16);
}

const CHANGES = {
  // What is to be delivered is written down when the swap is committed.
  'late-row': (store, database) => {
    const add = database.prepare(
      'INSERT INTO lockout_outbox (event, sink, lane, at, due_at, tries, dead, queued) VALUES (?, ?, ?, ?, ?, 0, 0, 0)',
    );
    const late = async (swaps, work) => {
      const lost = await work(swaps.map((swap) => ({ ...swap, deliverTo: [] })));
      for (const swap of swaps) {
        if (lost.has(swap.key)) continue;
        for (const [n, { at }] of swap.events.entries())
          for (const sink of swap.deliverTo?.[n] ?? [])
            add.run(eventId(swap, n), sink, Buffer.from(swap.facts.accountHash, 'hex'), at, at);
      }
      return lost;
    };
    return {
      compareAndSwap: (swaps, options) => late(swaps, (bare) => store.compareAndSwap(bare, options)),
      swapExclusively: async (keys, decide) => {
        const loaded = await store.load(keys);
        return late(decide(loaded), (bare) => store.compareAndSwap(bare, { now: loaded.now }));
      },
    };
  },
  // Every delivery is a lane of its own.
  'no-lanes': (store, database) => {
    const scatter = database.prepare(
      'UPDATE lockout_outbox SET lane = randomblob(32), queued = 0, due_at = MIN(due_at, at) WHERE token IS NULL',
    );
    return {
      claimDeliveries: (claim) => {
        scatter.run();
        return store.claimDeliveries(claim);
      },
    };
  },
};

/**
 * The store with one mistake built in, for showing that the run would find it.
 *
 * @template {object} Store
 * @param {Store} store
 * @param {string} flaw one of {@link OUTBOX_FLAWS}
 * @param {string} file of the database
 * @returns {Store}
 */
export function flawedOutbox(store, flaw, file) {
  const Database = createRequire(import.meta.url)('libsql');
  const changes = CHANGES[flaw](store, new Database(file, { timeout: 2_000 }));
  return new Proxy(store, {
    get(target, name) {
      if (Object.hasOwn(changes, name)) return changes[/** @type {string} */ (name)];
      const member = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
