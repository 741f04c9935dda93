/**
 * @typedef {object} Target A server to be tortured, started for this run alone.
 * @property {string} name
 * @property {import('./store-connection.mjs').StoreConnection} connection
 * @property {import('../support/servers/child-server.mjs').ChildServer | null} server null: a file
 * @property {number | null} port
 * @property {() => Promise<void>} [stop] where there is no server
 * @property {(many: number) => Promise<number>} cut Cuts so many connections at the server; answers how many it did.
 * @property {(hashes: readonly string[], holdMs: number) => Promise<boolean>} disturb Holds rows of these accounts in
 *   the order opposite to the store's, each for so long; true: it was the one that the server ended for a deadlock.
 * @property {() => Promise<unknown>} beat writes something small, durably
 * @property {() => Promise<number>} deadlocks as the server counts them since its start
 */

const STARTS = {
  mariadb: () => import('./target-mariadb.mjs'),
  postgres: () => import('./target-postgres.mjs'),
  redis: () => import('./target-redis.mjs'),
  sqlite: () => import('./target-sqlite.mjs'),
};

export const SERVERS = Object.keys(STARTS);

/** @param {string} name one of {@link SERVERS} @returns {Promise<Target>} */
export async function startTarget(name) {
  if (!Object.hasOwn(STARTS, name)) throw new Error(`There is no server "${name}": ${SERVERS.join(', ')}`);
  return (await STARTS[name]()).startTarget();
}
