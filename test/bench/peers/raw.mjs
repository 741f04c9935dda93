import { openDriverPool, upsertSql } from '../driver-pool.mjs';

/** About as wide as a lockout record: a key of 16 bytes, numbers, a short text. */
const COLUMNS = ['id', 'version', 'amount', 'until_at', 'body'];
const TYPES = {
  mariadb: ['BINARY(16) PRIMARY KEY', 'BIGINT', 'INT', 'BIGINT', 'VARCHAR(255)'],
  postgres: ['BYTEA PRIMARY KEY', 'BIGINT', 'INT', 'BIGINT', 'VARCHAR(255)'],
  sqlite: ['BLOB PRIMARY KEY', 'INTEGER', 'INTEGER', 'INTEGER', 'TEXT'],
};
const BODY = 'x'.repeat(60);
const ROWS = 30_000;

/** Keys far apart, as hashes are. @param {number} n */
function keyOf(n) {
  const key = Buffer.alloc(16);
  key.writeUInt32BE((n * 2_654_435_761) % 2 ** 32, 0);
  key.writeUInt32BE(n, 12);
  return key;
}

/** What stands for a decision. @typedef {'select' | 'update' | 'upsert'} Statement */

/** @param {Statement} statement @returns {import('./peer.mjs').Peer['open']} */
const opening = (statement) => async (database, settings) => {
  const pool = openDriverPool(database);
  const types = TYPES[database.family];
  await pool.run(`CREATE TABLE raw (${COLUMNS.map((name, n) => `${name} ${types[n]}`).join(', ')})`, []);
  let writes = 0;
  let locked = false;
  /** Never the row that is there already: that would be no write. @param {number} n */
  const row = (n) => {
    writes += 1;
    return [keyOf(n), writes, 1, 1_900_000_000_000 + writes, BODY];
  };
  const fill = upsertSql(database.family, { table: 'raw', columns: COLUMNS, rows: 100 });
  for (let n = 0; n < ROWS; n += 100) {
    await pool.run(fill, Array.from({ length: 100 }, (_, i) => row(n + i)).flat());
  }
  const upsert = upsertSql(database.family, { table: 'raw', columns: COLUMNS, rows: settings.keys });
  /** @type {Record<Statement, (n: number) => Promise<unknown>>} */
  const statements = {
    select: (n) => pool.run('SELECT version, amount, until_at, body FROM raw WHERE id = ?', [keyOf(n * 3)]),
    update: (n) => pool.run('UPDATE raw SET amount = amount + 1 WHERE id = ?', [keyOf(n * 3)]),
    upsert: (n) => pool.run(upsert, Array.from({ length: settings.keys }, (_, i) => row(n * 3 + i)).flat()),
  };
  const once = statements[statement];
  return {
    async attempt({ n }, verify) {
      await once(n);
      if (locked) return 'refused';
      return (await verify()) ? 'success' : 'failure';
    },
    tables: ['raw'],
    lockAll: async () => {
      locked = true;
    },
    close: () => pool.close(),
  };
};

/** @param {Statement} statement @param {string} title @returns {import('./peer.mjs').Peer} */
const raw = (statement, title) => ({
  name: `raw-${statement}`,
  title: `raw: ${title}`,
  keys: (wanted) => (statement === 'upsert' ? wanted : 1),
  remark: 'one prepared statement in the driver’s pool',
  limit: true,
  open: opening(statement),
});

export const rawSelect = raw('select', 'SELECT of one row by key');
export const rawUpdate = raw('update', 'UPDATE of one row by key');
export const rawUpsert = raw('upsert', 'upsert of as many rows as limits');
