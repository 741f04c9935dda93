import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLosingLink } from '../support/losing-link.mjs';
import { Chance } from './chance.mjs';
import { Crew } from './crew.mjs';
import { History } from './history.mjs';
import { Moment } from './moment.mjs';
import { observe } from './observer.mjs';
import { drawPopulations } from './population.mjs';
import { Pulse } from './pulse.mjs';
import { Storm } from './storm.mjs';
import { startTarget } from './target.mjs';
import { RECOVERY_MS } from './tolerance.mjs';
import { violations } from './violation.mjs';

const SECRET = 'a secret that all processes of a torture run share';
const TEN_MINUTES = 600_000;
/** Everything goes wrong for this long at a time, ms, and then nothing. */
const STORM_MS = 8_000;
const CALM_MS = RECOVERY_MS + 2_000;
/** A calm before the first storm: whoever is slow to start must not be killed before it did anything. */
const START_MS = 1_000;
/** Share of the messages through the losing link that break it. */
const LOSS = 0.01;
/** How often what was reported is looked through while the run goes on, ms. */
const LOOK_EVERY_MS = 1_000;

/**
 * @typedef {object} TortureOptions
 * @property {string} server
 * @property {number} seed
 * @property {number} seconds of load
 * @property {string | null} [flaw] a mistake to be built into the store: the run ends when it is found
 * @property {number} [stormMs] default 8 s
 * @property {number} [visitors] in each process; default 24
 */

/**
 * @typedef {object} TortureReport
 * @property {string} server
 * @property {number} seed
 * @property {number} seconds
 * @property {Record<string, number>} totals
 * @property {Record<string, number>} reasons why the store did not answer, as attempts were told
 * @property {import('./violation.mjs').Violation[]} violations
 */

/** How a process's wall clock is off, by its place in the crew. @param {number} slot @param {number} seed */
function skewOf(slot, seed) {
  if (slot === 1) return { offsetMs: seed % 2 === 0 ? TEN_MINUTES : -TEN_MINUTES, jumpEveryMs: null };
  if (slot === 2) return { offsetMs: TEN_MINUTES, jumpEveryMs: 400 };
  return null;
}

/**
 * Several processes sign in on one server while everything goes wrong; a recorder outside the library checks what they
 * did.
 *
 * @param {TortureOptions} options
 * @returns {Promise<TortureReport>}
 */
export async function torture({ server, seed, seconds, flaw = null, stormMs = STORM_MS, visitors = 24 }) {
  const target = await startTarget(server);
  const folder = mkdtempSync(join(tmpdir(), 'lockout-torture-'));
  const populations = drawPopulations(seed);
  const chance = Chance.of(seed, 1_000_000);
  const moment = new Moment(Moment.start());
  let storm;
  const link =
    target.port === null
      ? null
      : await startLosingLink(target.port, () => (storm.raging && Math.random() < LOSS ? 'after' : null));
  const slots = target.server ? 4 : 1;
  const crew = new Crew(folder, moment, (slot) => {
    const { connection } = target;
    const url =
      link && slot === 3 ? connection.url.replace(`:${target.port}`, `:${link.port}`) : connection.url;
    return {
      seed,
      secret: SECRET,
      connection: { ...connection, url },
      flaw,
      visitors,
      // Where there is only one process, its clock is the one that jumps.
      skew: skewOf(slots === 1 ? 2 : slot, seed),
    };
  });
  // Dates of the store are read by the same machine's clock; a step of it would be taken for the library's mistake.
  const offset = () => Date.now() - moment.now();
  const firstOffset = offset();
  const momentOf = (epochMs) => epochMs - firstOffset;
  const observer = await observe(target.connection, { secret: SECRET, populations });
  const hotAccounts = () =>
    populations
      .flatMap((population) => {
        const generation = Math.floor(moment.now() / population.generationMs);
        return Array.from({ length: population.hot }, (_, n) => `${population.name}-hot-${generation}-${n}`);
      })
      .filter(() => chance.happens(0.5))
      .flatMap((account) => observer.hashes(account));
  storm = new Storm(chance, target, crew, slots, hotAccounts);
  const pulse = new Pulse(moment, target.beat);
  /** @type {{ from: number, to: number }[]} */
  const calms = [];
  const look = (stateOf = null) => {
    crew.read();
    const history = new History(crew.members);
    return {
      history,
      found: violations({
        history,
        populations,
        members: crew.members,
        calms,
        slow: pulse.slow,
        momentOf,
        stateOf,
      }),
    };
  };
  try {
    for (let slot = 0; slot < slots; slot += 1) crew.start(slot);
    await Promise.all(crew.members.map(({ ready }) => ready));
    // A mistake in the store needs no storm to be seen.
    if (!flaw) await sleep(START_MS);
    const end = moment.now() + seconds * 1_000;
    let isOver = false;
    const weather = (async () => {
      if (flaw) await storm.sleep(CALM_MS * 2);
      while (!isOver && moment.now() < end) {
        await storm.rage(Math.max(1_000, Math.min(stormMs, end - moment.now() - CALM_MS)));
        const from = moment.now();
        await storm.sleep(CALM_MS);
        calms.push({ from, to: moment.now() });
      }
      isOver = true;
    })();
    let found = [];
    while (flaw && !isOver && found.length === 0) {
      await Promise.race([sleep(LOOK_EVERY_MS), weather]);
      found = look().found;
    }
    if (found.length > 0) {
      isOver = true;
      storm.end();
    }
    await weather;
    const load = moment.now();
    if (found.length === 0) {
      await crew.stop();
      const states = await observer.states(new History(crew.members));
      found = look((key) => states(key.policy, key.subject)).found;
    }
    const drift = Math.abs(offset() - firstOffset);
    if (drift > 100)
      found.push({
        promise: 'the run itself',
        what: `the machine's clock was set by ${drift} ms`,
        account: '',
      });
    const { history } = look();
    return {
      server: target.name,
      seed,
      seconds: Math.round(load / 1_000),
      reasons: reasonsOf(history),
      totals: totalsOf(history, crew.members, storm.faults, link?.lost ?? 0, calms, pulse),
      violations: found,
    };
  } finally {
    crew.kill();
    await Promise.all(crew.members.map(({ gone }) => gone));
    crew.close();
    await link?.close();
    await pulse.stop();
    await (target.server ?? target).stop?.();
    rmSync(folder, { recursive: true, force: true });
  }
}

function totalsOf(history, members, faults, lostAnswers, calms, pulse) {
  const attempts = [...history.attempts.values()];
  const count = (test) => attempts.filter(test).length;
  // Of a process that was killed, what it had told last.
  const last = members.map(({ steps }) => steps.findLast(({ e }) => e === 'totals') ?? {});
  const sum = (name) => last.reduce((total, totals) => total + (totals[name] ?? 0), 0);
  return {
    attempts: attempts.length,
    verified: count(({ admitted }) => admitted < Infinity),
    refused: count(({ refusal }) => refusal !== null),
    unavailable: count(({ unavailable }) => unavailable < Infinity),
    lockedMeanwhile: count(({ settleRefusal }) => settleRefusal !== null),
    unlocks: history.unlocks.length,
    keys: new Set(attempts.map(({ account }) => account)).size,
    kills: faults.kills,
    serverRestarts: faults.restarts,
    connectionsCut: faults.cut,
    answersLost: lostAnswers,
    rowsHeld: faults.disturbed,
    deadlocksRetried: faults.deadlocks - faults.ownDeadlocks,
    lostRaces: sum('lostRaces'),
    heldRounds: sum('held'),
    // Beside those of the storms: the machine was too busy for a write, or for a process.
    slowInCalms: pulse.slow.filter(({ from }) =>
      calms.some((calm) => calm.from + RECOVERY_MS < from && from < calm.to),
    ).length,
    stalls: members.flatMap(({ steps }) => steps.filter(({ e }) => e === 'stalled')).length,
  };
}

function reasonsOf(history) {
  const reasons = {};
  for (const { why } of history.attempts.values()) {
    if (why !== null) reasons[why] = (reasons[why] ?? 0) + 1;
  }
  return reasons;
}
