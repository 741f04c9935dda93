import { Agent, request } from 'node:http';
import { ROUTES, startEdgeApp } from './edge-app.mjs';
import { interleave } from './rounds.mjs';
import { spread } from './statistics.mjs';
import { sequence } from './subjects.mjs';

const CONNECTIONS = 8;
/** Apart from the rounds of the store. */
const FIRST_ROUND = 3000;

/**
 * @param {Agent} agent
 * @param {number} port
 * @param {string} path
 * @param {string} body
 * @returns {Promise<number | undefined>} The status.
 */
const post = (agent, port, path, body) =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    sent.once('error', reject);
    sent.end(body);
  });

/**
 * CPU time of this process a request, ms, over so many requests. The client is in it too: the same for every route.
 *
 * @param {number} port
 * @param {string} path
 * @param {{ requests: number, round: number, password: string, status: number }} load
 */
async function cpuOf(port, path, { requests, round, password, status }) {
  const next = sequence(FIRST_ROUND + round);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const before = process.cpuUsage();
  let left = requests;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left > 0) {
        left -= 1;
        const body = JSON.stringify({ username: next().account, password });
        const answer = await post(agent, port, path, body);
        if (answer !== status) throw new Error(`${path} answered ${answer}, not ${status}`);
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  agent.destroy();
  return (user + system) / 1000 / requests;
}

/**
 * What a decision adds to a request that does nothing else, in CPU time; the database left out.
 *
 * @param {import('./plan.mjs').Plan} plan
 * @returns {Promise<import('./report.mjs').Facts>}
 */
export async function runEdge({ rounds, requests }) {
  const { port, close } = await startEdgeApp();
  try {
    const outcomes = [
      { name: 'right', status: 200 },
      { name: 'wrong', status: 401 },
    ];
    /** @type {import('./report.mjs').FactRow[]} */
    const rows = [];
    for (const { name, status } of outcomes) {
      const contestants = ROUTES.map((route) => ({ ...route, name: route.path }));
      const measured = await interleave(contestants, rounds, ({ path }, round) =>
        cpuOf(port, path, { requests, round, password: name, status }),
      );
      for (const { path, title, than } of ROUTES) {
        if (than === null) continue;
        // Nothing is compared with ours here, so every round has them all.
        const bare = (measured[than] ?? []).map(Number);
        const own = (measured[path] ?? []).map(Number);
        const added = spread(own.map((value, n) => value - (bare[n] ?? Number.NaN)));
        rows.push({
          name: `${path.slice(1)}-${name}`,
          title: `${title}, ${name} password`,
          values: [spread(bare).median, spread(own).median, added.median, added.min, added.max],
        });
      }
    }
    return {
      id: 'edge',
      server: null,
      title:
        'CPU time of one request at the edge, ms (memory store, two limits, Express; its client is in it)',
      columns: ['without', 'with', 'added', 'least', 'most'],
      rows,
    };
  } finally {
    await close();
  }
}
