// One process of a crowd: guesses at accounts through its own engine on a shared database, when told to start.
// Started by crowd.ts with one JSON argument. A line of standard input is a task; it prints `ready`, is told by the next
// line when to start (epoch ms), prints a JSON report, and waits for another task.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { openStore } from './open-store.mjs';

const { dataSource, redis, secret } = JSON.parse(process.argv[2]);
const derive = promisify(scrypt);
const { store } = await openStore({ dataSource, redis });

/** Writes whatever is there, as a repository's save() does: the mistake that the bound's tests must notice. */
const readThenWrite = new Proxy(store, {
  get(target, name) {
    const member = Reflect.get(target, name, target);
    if (name !== 'compareAndSwap') return typeof member === 'function' ? member.bind(target) : member;
    return async (swaps, swapOptions) => {
      // What was read grows old on its way back, as it does with a database across a network.
      await new Promise((resolve) => setTimeout(resolve, 20));
      let left = swaps;
      while (left.length > 0) {
        const { records } = await target.load(left.map((swap) => swap.key));
        const current = left.map((swap) => ({ ...swap, expected: records.get(swap.key)?.version ?? null }));
        const lost = await target.compareAndSwap(current, swapOptions);
        left = left.filter((swap) => lost.has(swap.key));
      }
      return new Set();
    };
  },
});

const ACCOUNT = { name: 'account', threshold: 5, schedule: { kind: 'fixed', durationMs: minutes(5) } };
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function guess({ policies, journal, guesses, waitMs, careless, hashCost }) {
  const engine = new LockoutEngine({
    store: careless ? readThenWrite : store,
    secrets: [secret],
    policies: definePolicies(policies ?? [ACCOUNT]),
    waitMs,
    maxWaitersPerKey: 1_000,
  });
  const salt = randomBytes(16);
  const hashed = (password) => derive(password, salt, 32, { N: hashCost, maxmem: 256 * hashCost * 8 });
  const hash = await hashed('correct horse battery staple');

  /** A real verification. The journal is outside the library: it counts what was verified even if this process dies. */
  const verify = async (password) => {
    appendFileSync(journal, 'verified\n');
    return timingSafeEqual(await hashed(password), hash);
  };

  // Connections that are still being opened would let the first process win every race.
  await Promise.all(Array.from({ length: 8 }, () => store.load([])));
  console.log('ready');
  const { value: startAt } = await lines.next();
  while (Date.now() < Number(startAt)) await new Promise((resolve) => setImmediate(resolve));

  const outcomes = {};
  await Promise.all(
    guesses.map(async ({ account, address, password }) => {
      let outcome;
      try {
        const done = await engine.protect({ account, address, method: 'password' }, () => verify(password));
        outcome = done.outcome === 'refused' ? done.refusal.reason : done.outcome;
      } catch (error) {
        outcome = `threw ${error.code ?? error.message}`;
        if (process.env.DEBUG_CROWD) console.error(error);
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }),
  );
  return { outcomes, totals: engine.totals };
}

for (let line = await lines.next(); !line.done; line = await lines.next())
  console.log(JSON.stringify(await guess(JSON.parse(line.value))));
process.exit(0);
