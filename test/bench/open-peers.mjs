/**
 * A peer with its tables made and its connections open.
 *
 * @typedef {import('./peers/peer.mjs').Peer & { readonly opened: import('./peers/peer.mjs').OpenPeer,
 *   readonly database: import('./servers.mjs').BenchDatabase }} RunningPeer
 */

/**
 * Opens these peers, each on a fresh database of its own, for as long as `work` takes.
 *
 * @template T
 * @param {import('./servers.mjs').BenchServer} server
 * @param {readonly import('./peers/peer.mjs').Peer[]} peers
 * @param {import('./peers/peer.mjs').PeerSettings} settings
 * @param {(running: readonly RunningPeer[]) => Promise<T>} work
 * @param {(database: import('./servers.mjs').BenchDatabase) => import('./servers.mjs').BenchDatabase} [through] How the
 *   peers reach their databases.
 * @returns {Promise<T>}
 */
export async function withPeers(server, peers, settings, work, through = (database) => database) {
  /** @type {(() => Promise<void>)[]} */
  const closing = [];
  try {
    /** @type {RunningPeer[]} */
    const running = [];
    for (const peer of peers) {
      const database = await server.create(`bench_${peer.name.replaceAll('-', '_')}`);
      closing.push(() => database.drop());
      const opened = await peer.open(through(database), settings);
      closing.push(() => opened.close());
      running.push({ ...peer, opened, database });
    }
    return await work(running);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}
