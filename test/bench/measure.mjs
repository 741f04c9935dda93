import { runBound } from './bound.mjs';
import { CALLERS, runContest, settingsOf } from './contest.mjs';
import { runLatency } from './latency.mjs';
import { measureMemory, sizeFacts } from './memory.mjs';
import { withPeers } from './open-peers.mjs';
import { countQueries } from './queries.mjs';
import { runLoad } from './rounds.mjs';
import { measureStorage } from './storage.mjs';
import { sequence } from './subjects.mjs';
import { right, wrong } from './verify.mjs';

/** Only some of the statements stand for a path: a refusal writes nothing. */
const LIMITS = {
  success: ['raw-select', 'raw-upsert'],
  failure: ['raw-update', 'raw-upsert'],
  locked: ['raw-select'],
};
const PATHS = /** @type {const} */ (['success', 'failure', 'locked']);
const NOT_HOT = ['ours-uncached', 'throttler'];

/**
 * A process that has just started runs slower than one that has been up for a while, and more so the more code there is.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @param {number} ms
 */
const warmUp = (server, peers, ms) =>
  withPeers(server, peers, settingsOf('success', 2), async (running) => {
    for (const { opened } of running) {
      for (const verify of [right, wrong]) {
        await runLoad(opened.attempt, { callers: CALLERS, ms, next: sequence(0), verify });
      }
    }
  });

/**
 * Measures all of one server, telling of each table as it is ready.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} chosen
 * @param {import('./plan.mjs').Plan} plan
 * @param {{ table: (table: import('./report.mjs').Table) => void, facts: (facts: import('./report.mjs').Facts) => void,
 *   knownLocked: (statements: number | null) => void }} tell
 */
export async function measureServer(server, chosen, plan, tell) {
  const peers = chosen.filter(({ limit }) => !limit);
  const stored = peers.filter(({ memory }) => !memory);
  // What asks no database is the same beside each: shown once.
  const here = server.name === 'mariadb' ? peers : stored;
  /** @param {readonly string[]} names */
  const limits = (names) => chosen.filter(({ limit, name }) => limit && names.includes(name));

  const planOf = (/** @type {2 | 3} */ keys) =>
    keys === 2 ? plan : { ...plan, rounds: Math.min(plan.rounds, plan.roundsOfThree) };

  await warmUp(server, stored, plan.warmMs);
  for (const keys of plan.keys) {
    for (const path of PATHS) {
      // With three limits only those that can watch three.
      const able = keys === 2 ? here : stored.filter((peer) => peer.keys(keys) === keys);
      const contestants = [...able, ...limits(LIMITS[path])];
      tell.table(await runContest(server, contestants, { path, keys, plan: planOf(keys) }));
    }
  }
  const hot = stored.filter(({ name }) => !NOT_HOT.includes(name));
  tell.table(await runContest(server, hot, { path: 'hot', keys: 2, plan }));
  for (const keys of plan.keys) {
    const able = stored.filter((peer) => keys === 2 || peer.keys(keys) === keys);
    for (const path of /** @type {const} */ (['success', 'failure'])) {
      const contestants = [...able, ...limits(['raw-upsert'])];
      tell.table(await runLatency(server, contestants, { path, keys, plan: planOf(keys) }));
    }
  }
  tell.facts(await runBound(server, here));
  if (server.name !== 'sqlite') {
    const { facts, knownLocked } = await countQueries(server, stored, 2, plan.ms / 2);
    tell.facts(facts);
    tell.knownLocked(knownLocked);
  }
  const kept = here.filter(({ name }) => name !== 'ours-uncached');
  const packed = kept.filter(({ memory }) => !memory);
  const storage = await measureStorage(server, packed);
  // Heap does not depend on the server.
  const memory = server.name === 'mariadb' && !plan.quick ? await measureMemory(server, kept) : new Map();
  tell.facts(sizeFacts(server, kept, storage, memory));
}
