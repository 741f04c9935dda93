import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { certificateFiles } from './certificate-files.mjs';
import { startChild } from './child-server.mjs';
import { freePort } from './free-port.mjs';

const run = promisify(execFile);
/** The bus of a Cluster's node listens as much above its port. */
const BUS_OFFSET = 10_000;
const SLOTS = 16_384;

/**
 * A private, throw-away Redis (up in a few tenths of a second). Rejects with ENOENT where none is installed.
 *
 * @param {{ durable?: boolean, settings?: Readonly<Record<string, string>>,
 *   certificate?: import('./certificate-files.mjs').ServerCertificate }} [options] `durable`: every command is on the disk
 *   before it is answered. `settings`: of redis.conf. `certificate`: nobody is let in without TLS.
 * @returns {Promise<{ url: string, stop: () => Promise<void>, kill: () => Promise<void>, restart: () => Promise<void> }>}
 */
export async function startRedis({ durable = false, settings = {}, certificate } = {}) {
  await run('redis-server', ['--version']);
  const dir = mkdtempSync(join(tmpdir(), 'lockout-redis-'));
  try {
    const port = await freePort();
    const files = certificate && certificateFiles(dir, certificate);
    const tls = files && {
      port: '0',
      'tls-port': String(port),
      'tls-cert-file': files.cert,
      'tls-key-file': files.key,
      'tls-auth-clients': 'no',
    };
    const server = await startNode(dir, port, durable, { ...settings, ...tls });
    return { url: `${files ? 'rediss' : 'redis'}://127.0.0.1:${port}`, ...server };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

/**
 * A private, throw-away Redis Cluster of three primaries (up in about two seconds).
 *
 * @param {{ durable?: boolean }} [options]
 * @returns {Promise<{ urls: string[], nodes: Awaited<ReturnType<typeof startRedis>>[], stop: () => Promise<void> }>}
 */
export async function startRedisCluster({ durable = false } = {}) {
  await run('redis-server', ['--version']);
  const dir = mkdtempSync(join(tmpdir(), 'lockout-redis-cluster-'));
  /** @type {Awaited<ReturnType<typeof startRedis>>[]} */
  const nodes = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    for (let n = 0; n < 3; n += 1) {
      const port = await busPort();
      const own = join(dir, String(n));
      mkdirSync(own);
      const settings = {
        'cluster-enabled': 'yes',
        'cluster-config-file': 'nodes.conf',
        'cluster-node-timeout': '2000',
      };
      nodes.push({
        url: `redis://127.0.0.1:${port}`,
        ...(await startNode(own, port, durable, settings)),
      });
    }
    const ports = nodes.map(({ url }) => Number(new URL(url).port));
    const share = Math.ceil(SLOTS / ports.length);
    for (const [n, port] of ports.entries()) {
      const last = Math.min(SLOTS, (n + 1) * share) - 1;
      await say(port, `CLUSTER ADDSLOTSRANGE ${n * share} ${last}`);
      await say(port, `CLUSTER SET-CONFIG-EPOCH ${n + 1}`);
    }
    for (const port of ports.slice(1)) await say(ports[0] ?? 0, `CLUSTER MEET 127.0.0.1 ${port}`);
    await Promise.all(ports.map(knowsAll));
    return { urls: nodes.map(({ url }) => url), nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {string} dir
 * @param {number} port
 * @param {boolean} durable
 * @param {Readonly<Record<string, string>>} settings
 */
function startNode(dir, port, durable, settings) {
  const all = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    save: '',
    appendonly: durable ? 'yes' : 'no',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  return startChild({
    // Its log goes to the standard output; what waits for it listens at the other one.
    command: 'sh',
    args: [
      '-c',
      'exec redis-server "$@" 1>&2',
      'redis-server',
      ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    dir,
    ready: 'Ready to accept connections',
  });
}

/** Free itself, and with room for the bus. @returns {Promise<number>} */
async function busPort() {
  for (;;) {
    const port = await freePort();
    if (port + BUS_OFFSET < 65_536) return port;
  }
}

/** Until a node serves every slot and has met the others. @param {number} port */
async function knowsAll(port) {
  for (;;) {
    const info = await say(port, 'CLUSTER INFO');
    if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * One command, in plain text. Rejects with what the server refused.
 *
 * @param {number} port
 * @param {string} command
 * @returns {Promise<string>}
 */
async function say(port, command) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  try {
    return await new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('data', (data) => {
        const answer = String(data);
        if (answer.startsWith('-')) reject(new Error(`${command}: ${answer.slice(1).trim()}`));
        else resolve(answer);
      });
      socket.write(`${command}\r\n`);
    });
  } finally {
    socket.destroy();
  }
}
