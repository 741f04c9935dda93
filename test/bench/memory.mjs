import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ACCOUNTS } from './subjects.mjs';

const run = promisify(execFile);

/**
 * Heap that each peer holds on to for {@link ACCOUNTS} accounts, in a process of its own, MB.
 *
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @returns {Promise<ReadonlyMap<string, number>>} By name.
 */
export async function measureMemory(server, peers) {
  const found = new Map();
  for (const { name } of peers) {
    const database = await server.create(`bench_heap_${name.replaceAll('-', '_')}`);
    try {
      const { stdout } = await run(process.execPath, [
        '--expose-gc',
        join(import.meta.dirname, 'heap.mjs'),
        name,
        JSON.stringify(database),
      ]);
      const { grown } = /** @type {{ grown: number }} */ (JSON.parse(stdout));
      found.set(name, Math.max(0, grown) / 1e6);
    } finally {
      await database.drop();
    }
  }
  return found;
}

/**
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @param {ReadonlyMap<string, { readonly bytesAKey: number, readonly rows: number }>} storage
 * @param {ReadonlyMap<string, number>} memory
 * @returns {import('./report.mjs').Facts}
 */
export const sizeFacts = (server, peers, storage, memory) => ({
  id: `${server.name}/size`,
  server: server.name,
  title: `What ${ACCOUNTS.toLocaleString('en')} accounts take, two limits`,
  columns: ['rows', 'bytes a row, with indexes', 'heap after collecting, MB'],
  rows: peers.map(({ name, title }) => ({
    name,
    title,
    values: [storage.get(name)?.rows ?? null, storage.get(name)?.bytesAKey ?? null, memory.get(name) ?? null],
  })),
});
