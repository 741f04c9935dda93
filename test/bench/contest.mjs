import { withPeers } from './open-peers.mjs';
import { UNREACHED } from './peers/peer.mjs';
import { interleave, rowsOf, runLoad } from './rounds.mjs';
import { sequence, subject } from './subjects.mjs';
import { right, wrong } from './verify.mjs';

/** @typedef {'success' | 'failure' | 'locked' | 'hot'} Path */

/** Attempts under way at once. */
export const CALLERS = 64;

/** Failures that lock where everybody is to be locked before anything is measured. */
export const FEW = 1;

/** What each attempt of a path must come to, or something else was measured. */
export const EXPECTED = { success: 'success', failure: 'failure', locked: 'refused', hot: 'failure' };
const TITLES = {
  success: 'Right password',
  failure: 'Wrong password',
  locked: 'Already locked',
  hot: 'One hot account, wrong password',
};
const HOT = subject(0);

/** @param {2 | 3} keys */
export const limitsText = (keys) => (keys === 2 ? 'two limits' : 'three limits');

/** @param {Path} path @param {2 | 3} keys @returns {import('./peers/peer.mjs').PeerSettings} */
export const settingsOf = (path, keys) => ({
  keys,
  threshold: path === 'locked' ? FEW : UNREACHED,
  addressThreshold: UNREACHED,
});

/** @param {import('./servers.mjs').BenchServer} server @param {Path} path @param {2 | 3} keys */
export const contestId = (server, path, keys) => `${server.name}/${path}/${keys}`;

/**
 * Decisions a second of every peer on one path, side by side.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @param {{ path: Path, keys: 2 | 3, plan: import('./plan.mjs').Plan }} contest
 * @returns {Promise<import('./report.mjs').Table>}
 */
export async function runContest(server, peers, { path, keys, plan }) {
  const ms = path === 'locked' ? plan.lockedMs : plan.ms;
  const { rows, rounds } = await withPeers(server, peers, settingsOf(path, keys), async (running) => {
    if (path === 'locked') for (const { opened } of running) await opened.lockAll();
    const measured = await interleave(running, plan.rounds, async ({ opened, title }, round) => {
      const load = await runLoad(opened.attempt, {
        callers: CALLERS,
        ms: round === 0 ? ms / 2 : ms,
        next: path === 'hot' ? () => HOT : sequence(round),
        verify: path === 'success' ? right : wrong,
      });
      if ((load.results[EXPECTED[path]] ?? 0) < 0.99 * load.done) {
        throw new Error(`${title}, ${path}: not what was to be measured: ${JSON.stringify(load.results)}`);
      }
      const errors = load.results['error'] ?? 0;
      if (errors > 0.01 * load.done)
        console.warn(`${title}, ${path}: ${errors} errors, ${load.done} decisions.`);
      return load.perSecond;
    });
    return { rows: rowsOf(running, measured, 'more'), rounds: measured };
  });
  return {
    id: contestId(server, path, keys),
    server: server.name,
    title: `${TITLES[path]}, ${limitsText(keys)}, ${CALLERS} callers`,
    unit: 'decisions a second',
    better: 'more',
    rows,
    rounds,
  };
}
