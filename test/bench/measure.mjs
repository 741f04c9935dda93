import { runBound } from './bound.mjs';
import { CALLERS, contestId, runContest, settingsOf } from './contest.mjs';
import { latencyId, runLatency } from './latency.mjs';
import { measureMemory, sizeFacts } from './memory.mjs';
import { withPeers } from './open-peers.mjs';
import { countQueries } from './queries.mjs';
import { runLoad, together } from './rounds.mjs';
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
 * One table to be measured.
 *
 * @typedef {object} Contest
 * @property {string} id That of the table.
 * @property {readonly import('./peers/peer.mjs').Peer[]} peers
 * @property {(peers: readonly import('./peers/peer.mjs').Peer[]) => Promise<import('./report.mjs').Table>} run
 */

/**
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} chosen
 * @param {import('./plan.mjs').Plan} plan
 * @returns {Contest[]}
 */
function contestsOf(server, chosen, plan) {
  const { here, stored } = groupsOf(server, chosen);
  /** @param {readonly string[]} names */
  const limits = (names) => chosen.filter(({ limit, name }) => limit && names.includes(name));
  /** With three limits only those that can watch three. @param {typeof here} peers @param {2 | 3} keys */
  const able = (peers, keys) => (keys === 2 ? peers : stored.filter((peer) => peer.keys(keys) === keys));
  const planOf = (/** @type {2 | 3} */ keys) =>
    keys === 2 ? plan : { ...plan, rounds: Math.min(plan.rounds, plan.roundsOfThree) };
  /** @param {import('./contest.mjs').Path} path @param {2 | 3} keys @param {typeof here} peers @returns {Contest} */
  const crowd = (path, keys, peers) => ({
    id: contestId(server, path, keys),
    peers,
    run: (running) => runContest(server, running, { path, keys, plan: planOf(keys) }),
  });
  /** @param {'success' | 'failure'} path @param {2 | 3} keys @returns {Contest} */
  const alone = (path, keys) => ({
    id: latencyId(server, path, keys),
    peers: [...able(stored, keys), ...limits(['raw-upsert'])],
    run: (running) => runLatency(server, running, { path, keys, plan: planOf(keys) }),
  });
  return [
    ...plan.keys.flatMap((keys) =>
      PATHS.map((path) => crowd(path, keys, [...able(here, keys), ...limits(LIMITS[path])])),
    ),
    crowd(
      'hot',
      2,
      stored.filter(({ name }) => !NOT_HOT.includes(name)),
    ),
    ...plan.keys.flatMap((keys) => [alone('success', keys), alone('failure', keys)]),
  ];
}

/**
 * `stored`: peers that ask a database. `here`: those shown beside this server, because what asks none is the same beside
 * each.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} chosen
 */
function groupsOf(server, chosen) {
  const peers = chosen.filter(({ limit }) => !limit);
  const stored = peers.filter(({ memory }) => !memory);
  return { here: server.name === 'mariadb' ? peers : stored, stored };
}

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
  const { here, stored } = groupsOf(server, chosen);
  await warmUp(server, stored, plan.warmMs);
  for (const { peers, run } of contestsOf(server, chosen, plan)) tell.table(await run(peers));
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

/**
 * Looks again, on a server that was started anew, at some of the lines: what a machine is busy with changes by the minute.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} chosen
 * @param {import('./plan.mjs').Plan} plan
 * @param {readonly import('./report.mjs').Table[]} tables What was found before.
 * @param {(row: import('./rounds.mjs').Row) => boolean} isWanted
 * @param {(table: import('./report.mjs').Table) => void} tell Told of the rounds of all looks.
 */
export async function lookAgain(server, chosen, plan, tables, isWanted, tell) {
  await warmUp(server, groupsOf(server, chosen).stored, plan.warmMs);
  for (const { id, peers, run } of contestsOf(server, chosen, plan)) {
    const table = tables.find((one) => one.id === id);
    const wanted = table?.rows.filter(isWanted).map(({ name }) => name) ?? [];
    if (!table || wanted.length === 0) continue;
    const again = peers.filter(({ name }) => name === 'ours' || wanted.includes(name));
    tell(together(table, await run(again)));
  }
}
