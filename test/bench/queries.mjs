import { CALLERS, EXPECTED, limitsText, settingsOf } from './contest.mjs';
import { withPeers } from './open-peers.mjs';
import { runLoad } from './rounds.mjs';
import { sequence, subject } from './subjects.mjs';
import { right, wrong } from './verify.mjs';
import { startWireCount } from './wire-count.mjs';

const PATHS = /** @type {const} */ (['success', 'failure', 'locked']);
/** Apart from the rounds in which time is measured. */
const FIRST_ROUND = 2000;
const KNOWN_LOCKED = subject(1);
/** Far fewer than fit between two looks at the saved policies. */
const REFUSALS = 500;

/** @param {number} count @param {number} decisions */
const perDecision = (count, decisions) => Math.round((count / decisions) * 1000) / 1000;

/**
 * Refusals of an account that this process knows to be locked, the fewest statements of three tries: once a second a
 * decision also asks whether somebody saved other policies, and a try may meet that.
 *
 * @param {import('./peers/peer.mjs').OpenPeer} opened
 * @param {() => number} count
 */
async function knownLocked(opened, count) {
  const tries = [];
  for (let n = 0; n < 3; n += 1) {
    await opened.attempt(KNOWN_LOCKED, wrong);
    const before = count();
    for (let refusal = 0; refusal < REFUSALS; refusal += 1) await opened.attempt(KNOWN_LOCKED, wrong);
    tries.push(count() - before);
  }
  return Math.min(...tries);
}

/**
 * Statements a decision, counted on the wire: one caller alone, and many at once.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @param {2 | 3} keys
 * @param {number} ms Of one count.
 * @returns {Promise<{ readonly facts: import('./report.mjs').Facts, readonly knownLocked: number | null }>}
 */
export async function countQueries(server, peers, keys, ms) {
  /** @type {import('./report.mjs').FactRow[]} */
  const rows = [];
  /** @type {number | null} */
  let ofOurs = null;
  for (const peer of peers) {
    /** @type {number[]} */
    const values = [];
    for (const path of PATHS) {
      const probe = await server.create('bench_wire');
      const wire = await startWireCount(probe);
      try {
        await withPeers(
          server,
          [peer],
          settingsOf(path, keys),
          async ([running]) => {
            const { opened } = /** @type {import('./open-peers.mjs').RunningPeer} */ (running);
            if (path === 'locked') await opened.lockAll();
            for (const callers of [1, CALLERS]) {
              const load = { callers, verify: path === 'success' ? right : wrong };
              const warm = await runLoad(opened.attempt, {
                ...load,
                ms: ms / 3,
                next: sequence(FIRST_ROUND),
              });
              const before = wire.count();
              const { done, results } = await runLoad(opened.attempt, {
                ...load,
                ms,
                next: sequence(FIRST_ROUND + 1),
              });
              if ((results[EXPECTED[path]] ?? 0) < 0.99 * done || warm.done === 0) {
                throw new Error(
                  `${peer.title}, ${path}: not what was to be counted: ${JSON.stringify(results)}`,
                );
              }
              values.push(perDecision(wire.count() - before, done));
            }
            if (path === 'locked' && peer.name === 'ours')
              ofOurs = await knownLocked(opened, () => wire.count());
          },
          (database) => ({ ...database, host: '127.0.0.1', port: wire.port }),
        );
      } finally {
        await wire.close();
        await probe.drop();
      }
    }
    rows.push({ name: peer.name, title: peer.title, values });
  }
  return {
    facts: {
      id: `${server.name}/queries/${keys}`,
      server: server.name,
      title: `Statements a decision, counted on the wire, ${limitsText(keys)}: alone, and among ${CALLERS} callers`,
      columns: PATHS.flatMap((path) => [`${path}, alone`, `${path}, ${CALLERS}`]),
      rows,
    },
    knownLocked: ofOurs,
  };
}
