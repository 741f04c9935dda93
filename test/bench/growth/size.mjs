/** @typedef {import('typeorm').DataSource} DataSource */

const SIZES = {
  /** @param {DataSource} dataSource */
  async mariadb(dataSource) {
    await dataSource.query('ANALYZE TABLE lockout_record');
    const [row] = await dataSource.query(
      'SELECT data_length AS data, index_length AS indexes FROM information_schema.tables ' +
        "WHERE table_schema = DATABASE() AND table_name = 'lockout_record'",
    );
    return { data: Number(row.data), indexes: Number(row.indexes) };
  },
  /** @param {DataSource} dataSource */
  async postgres(dataSource) {
    await dataSource.query('VACUUM ANALYZE lockout_record');
    const [row] = await dataSource.query(
      "SELECT pg_table_size('lockout_record') AS data, pg_indexes_size('lockout_record') AS indexes",
    );
    return { data: Number(row.data), indexes: Number(row.indexes) };
  },
  /** Of the whole file: the other tables are empty. @param {DataSource} dataSource */
  async sqlite(dataSource) {
    await dataSource.query('ANALYZE');
    await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
    const [pages] = await dataSource.query('PRAGMA page_count');
    const [page] = await dataSource.query('PRAGMA page_size');
    return { data: pages.page_count * page.page_size, indexes: 0 };
  },
};

/**
 * Bytes of the table of records, as the server counts them, after it has looked at the table for its plans.
 *
 * @param {import('../servers.mjs').ServerName} family
 * @param {DataSource} dataSource
 */
export const sizeOf = (family, dataSource) => SIZES[family](dataSource);
