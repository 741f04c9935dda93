import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { LockoutEngine } from 'nestjs-lockout';
import { POLICIES, SECRET } from './population.mjs';
import { pruneFor } from './prune-for.mjs';
import { quantile } from './quantile.mjs';

const CALLERS = 8;
/** Rest of a caller between two sign-ins, ms: a busy site, and a machine that is not full. */
const REST_MS = 20;
/** Quiet, pruning, quiet, pruning, …: each for so long, ms. */
const TURN_MS = 4_000;
const MAX_TURNS = 60;
/** Every so many sign-ins fail. */
const FAILS = 10;

/**
 * @typedef {object} Cleaner
 * @property {() => Promise<unknown>} ready
 * @property {(ms: number) => Promise<{ pruned: number, failed: number }>} prune For so long.
 * @property {() => Promise<unknown>} end
 */

/** A process that prunes when told to. @implements {Cleaner} */
class Pruner {
  /** @param {import('../servers.mjs').BenchDatabase} database */
  constructor(database) {
    const script = new URL('./pruner.mjs', import.meta.url).pathname;
    this.child = spawn(process.execPath, [script, JSON.stringify(database)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ready() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('A pruning process ended by itself');
    return String(value);
  }

  /** @param {number} ms */
  async prune(ms) {
    this.child.stdin.write(`${ms}\n`);
    return JSON.parse(await this.ready());
  }

  async end() {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin.end();
    await gone;
  }
}

/** This very process, as the sweep timer does it. @param {LockoutEngine} engine @returns {Cleaner} */
const within = (engine) => ({
  ready: async () => {},
  prune: (ms) => pruneFor(engine, ms),
  end: async () => {},
});

/**
 * Prunes from two processes while people sign in through this one, in turns with signing in alone.
 *
 * @param {import('../servers.mjs').BenchDatabase} database
 * @param {import('nestjs-lockout/typeorm').TypeormLockoutStore} store
 * @param {number} expected Records that fade.
 */
export async function measurePruning(database, store, expected) {
  const engine = new LockoutEngine({ store, secrets: [SECRET], policies: POLICIES });
  // A SQLite file is one process's.
  const pruners =
    database.family === 'sqlite' ? [within(engine)] : [new Pruner(database), new Pruner(database)];
  for (const pruner of pruners) await pruner.ready();
  /** @type {unknown[]} */
  const turnedAway = [];
  await signIns(engine, TURN_MS, turnedAway);
  /** @type {{ quiet: number[][], pruning: number[][] }} */
  const times = { quiet: [], pruning: [] };
  let pruned = 0;
  let failed = 0;
  let seconds = 0;
  for (let turn = 0; turn < MAX_TURNS && pruned < expected; turn += 1) {
    times.quiet.push(await signIns(engine, TURN_MS, turnedAway));
    const start = performance.now();
    const [during, ...reports] = await Promise.all([
      signIns(engine, TURN_MS, turnedAway),
      ...pruners.map((pruner) => pruner.prune(TURN_MS)),
    ]);
    for (const report of reports) {
      pruned += report.pruned;
      failed += report.failed;
    }
    // The last turn may find little: it says nothing about the speed, nor about who waits.
    if (pruned < expected || times.pruning.length === 0) {
      seconds += (performance.now() - start) / 1_000;
      times.pruning.push(during);
    }
  }
  for (const pruner of pruners) await pruner.end();
  if (turnedAway.length > 0) console.error('turned away:', turnedAway[0]);
  const p99 = (/** @type {number[][]} */ turns) =>
    quantile(
      turns.map((turn) => quantile(turn, 0.99)),
      0.5,
    );
  const p50 = (/** @type {number[][]} */ turns) => quantile(turns.flat(), 0.5);
  return {
    pruned,
    failed,
    rowsPerSecond: pruned / seconds,
    quiet: { median: p50(times.quiet), p99: p99(times.quiet) },
    pruning: { median: p50(times.pruning), p99: p99(times.pruning) },
    turnedAway: turnedAway.length,
    signIns: times.quiet.flat().length + times.pruning.flat().length,
  };
}

/**
 * People who sign in, for a while. What each waited for its charge and its settle together, ms.
 *
 * @param {LockoutEngine} engine
 * @param {number} ms
 * @param {unknown[]} turnedAway Takes what was thrown.
 */
async function signIns(engine, ms, turnedAway) {
  const end = performance.now() + ms;
  /** @type {number[]} */
  const times = [];
  const caller = async () => {
    while (performance.now() < end) {
      const n = Math.floor(Math.random() * 10_000);
      const isClumsy = n % FAILS === 0;
      const start = performance.now();
      try {
        const begun = await engine.begin({
          // Nobody fails twice: a lock more would be one too many in the end.
          account: isClumsy ? `clumsy-${randomUUID()}` : `person-${n}`,
          address: `10.${n % 250}.${Math.floor(Math.random() * 250)}.1`,
          method: 'password',
        });
        if (begun.allowed) await (isClumsy ? begun.attempt.fail() : begun.attempt.succeed());
        times.push(performance.now() - start);
      } catch (error) {
        // Nobody may be turned away because the house is being cleaned.
        turnedAway.push(error);
      }
      await new Promise((resolve) => setTimeout(resolve, REST_MS * 2 * Math.random()));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return times;
}
