import { limitsText, settingsOf } from './contest.mjs';
import { withPeers } from './open-peers.mjs';
import { interleave, rowsOf } from './rounds.mjs';
import { median } from './statistics.mjs';
import { sequence, subject } from './subjects.mjs';
import { right, wrong } from './verify.mjs';

/** Apart from the rounds with many callers. */
const FIRST_ROUND = 1000;
const SAME = subject(0);

/** @param {import('./servers.mjs').BenchServer} server @param {'success' | 'failure'} path @param {2 | 3} keys */
export const latencyId = (server, path, keys) => `${server.name}/latency-${path}/${keys}`;

/**
 * The median time of one decision with nobody else about, µs. Ours twice: over all accounts, so that hardly a record is
 * in memory, and for the same account again and again, so that its records are.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @param {{ path: 'success' | 'failure', keys: 2 | 3, plan: import('./plan.mjs').Plan }} latency
 * @returns {Promise<import('./report.mjs').Table>}
 */
export async function runLatency(server, peers, { path, keys, plan }) {
  const verify = path === 'success' ? right : wrong;
  const { rows, rounds } = await withPeers(server, peers, settingsOf(path, keys), async (running) => {
    const all = running.map(({ name, title, opened }) => ({ name, title, opened, same: false }));
    const ours = all.filter(({ name }) => name === 'ours');
    const again = ours.map((one) => ({
      ...one,
      name: 'ours-at-hand',
      title: `${one.title}, records at hand`,
      same: true,
    }));
    const contestants = [...ours, ...again, ...all.filter(({ name }) => name !== 'ours')];
    const measured = await interleave(contestants, plan.rounds, async ({ opened, same }, round) => {
      const next = same ? () => SAME : sequence(FIRST_ROUND + round);
      const times = [];
      for (let n = 0; n < plan.decisions; n += 1) {
        const start = performance.now();
        // On a busy machine a store may be too slow now and then: that is not the time of a decision.
        const result = await opened.attempt(next(), verify).catch(() => 'error');
        if (result !== 'error') times.push((performance.now() - start) * 1000);
      }
      return median(times);
    });
    return { rows: rowsOf(contestants, measured, 'less'), rounds: measured };
  });
  return {
    id: latencyId(server, path, keys),
    server: server.name,
    title: `One after the other, ${path === 'success' ? 'right' : 'wrong'} password, ${limitsText(keys)}`,
    unit: 'µs a decision',
    better: 'less',
    rows,
    rounds,
  };
}
