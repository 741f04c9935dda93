import { countRecords, fill, openStore } from './database.mjs';
import { measureListing, SORTS } from './listing.mjs';
import { measureLookup } from './lookup.mjs';
import { measurePruning } from './pruning.mjs';
import { sizeOf } from './size.mjs';

const SMALL = 1_000;

/**
 * @typedef {Awaited<ReturnType<typeof growthOf>>} Growth
 */

/**
 * Fills a database and measures it. A tenth of the records has faded, a twentieth are locked accounts.
 *
 * @param {import('../servers.mjs').BenchServer} server
 * @param {number} keys
 * @param {(step: string) => void} say
 */
export async function growthOf(server, keys, say) {
  const shares = { keys, faded: keys / 10, locked: keys / 20 };
  const small = await server.create('growth_small');
  const large = await server.create('growth_large');
  await prepare(server, large);
  say(`writes ${keys} records`);
  await fill(small, { keys: SMALL, faded: 0, locked: 0 });
  const filledPerSecond = await fill(large, shares);

  const few = await openStore(small);
  const many = await openStore(large);
  const size = await sizeOf(server.name, many.dataSource);
  const before = await countRecords(many.dataSource);
  say('looks up');
  const [lookupSmall, lookupLarge] = await measureLookup(
    { store: few.store, keys: SMALL },
    { store: many.store, keys },
  );
  const listing = [];
  for (const sort of SORTS) {
    say(`lists by ${sort}`);
    listing.push({ sort, ...(await measureListing(many.store, server.name, sort)) });
  }
  say(`prunes ${shares.faded} records while people sign in`);
  const pruning = await measurePruning(large, many.store, shares.faded);
  const locksLeft = await countRecords(many.dataSource, 'locked_until IS NOT NULL');
  const fadedLeft = (await many.store.outlived(Date.now() - 600_000, 1)).length;
  await few.close();
  await many.close();
  await small.drop();
  await large.drop();
  return {
    server: server.name,
    title: server.title,
    version: server.version,
    settings: server.settings,
    records: before,
    filledPerSecond,
    bytesPerRow: (size.data + size.indexes) / before,
    dataBytesPerRow: size.data / before,
    lookup: { small: lookupSmall, large: lookupLarge },
    listing,
    pruning,
    expected: { pruned: shares.faded, locks: shares.locked },
    left: { locks: locksLeft, faded: fadedLeft },
  };
}

/**
 * A server whose memory is smaller than its table measures the disk. PostgreSQL and SQLite read through the system's
 * cache; InnoDB keeps what it reads itself.
 *
 * @param {import('../servers.mjs').BenchServer} server
 * @param {import('../servers.mjs').BenchDatabase} database
 */
async function prepare(server, database) {
  if (server.name !== 'mariadb') return;
  const { dataSource, close } = await openStore(database);
  await dataSource.query(`SET GLOBAL innodb_buffer_pool_size = ${1024 ** 3}`);
  await close();
}
