// What the server counts, and which of the two ways to tell winners is taken: the ground under R23.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import { contractSwap } from 'nestjs-lockout/testing';
import { migrateLockout } from 'nestjs-lockout/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { statementsOf } from '../support/mysql-session.js';
import { connect, openStore } from '../support/typeorm-store.js';

const servers = serversOf('MariaDB', 'MySQL');
const urlOf = (options: DataSourceOptions): string => (options as { url: string }).url;

describeEach(
  servers.flatMap((server) =>
    ['FOUND_ROWS', '-FOUND_ROWS'].map((flag) => ({ server, flag, title: `${server.name}, ${flag}` })),
  ),
  'R23 R24 the conditional upsert on $title',
  ({ server, flag }) => {
    let database: TestDatabase;
    let connection: mysql.Connection;

    beforeAll(async () => {
      database = await server.create();
      connection = await mysql.createConnection({
        uri: urlOf(database.options),
        database: String(database.options.database),
        flags: [flag],
      });
      await connection.query(
        'CREATE TABLE t (k INT PRIMARY KEY, n INT NOT NULL, replaces INT NOT NULL, version INT NOT NULL)',
      );
    });
    afterAll(async () => {
      await connection.end();
      await database.drop();
    });

    /** Rows of key, number, version expected, new version; the version assigned last, or first. */
    const upsert = async (rows: readonly (readonly number[])[], order: 'last' | 'first' = 'last') => {
      const isCurrent = 'version = VALUES(replaces)';
      const number = `n = IF(${isCurrent}, VALUES(n), n)`;
      const version = `version = IF(${isCurrent}, VALUES(version), version)`;
      const [result] = await connection.execute<mysql.ResultSetHeader>(
        `INSERT INTO t (k, n, replaces, version) VALUES ${rows.map(() => '(?, ?, ?, ?)').join(', ')} ` +
          `ON DUPLICATE KEY UPDATE ${order === 'last' ? `${number}, ${version}` : `${version}, ${number}`}`,
        rows.flat(),
      );
      return result;
    };
    const rowOf = async (key: number): Promise<unknown> => {
      const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT n, version FROM t WHERE k = ?', [
        key,
      ]);
      return rows[0];
    };

    it('counts an insert as 1, a won update as 2, and a lost row as 1 where found rows count', async () => {
      expect((await upsert([[1, 10, 0, 100]])).affectedRows).toBe(1);
      expect((await upsert([[1, 11, 100, 101]])).affectedRows).toBe(2);
      const lost = await upsert([[1, 12, 999, 102]]);
      // With found rows a lost insert looks like a won one.
      expect(lost.affectedRows).toBe(flag === 'FOUND_ROWS' ? 1 : 0);
      expect(await rowOf(1)).toEqual({ n: 11, version: 101 });
    });

    it('counts, less the duplicates that it tells, the rows that were written', async () => {
      await upsert([
        [21, 10, 0, 100],
        [22, 10, 0, 100],
        [23, 10, 0, 100],
      ]);
      // Inserted, won, lost, lost, and lost because the row before took its version.
      const mixed = await upsert([
        [20, 10, 0, 200],
        [21, 11, 100, 201],
        [22, 11, 999, 202],
        [23, 11, 998, 203],
        [21, 11, 100, 201],
      ]);
      const duplicates = Number(/Duplicates: (\d+)/.exec(mixed.info)?.[1]);
      expect(mixed.affectedRows - duplicates).toBe(2);
      expect(mixed.info).toContain('Records: 5');
    });

    it('says nothing about duplicates where there is one row', async () => {
      expect((await upsert([[30, 10, 0, 100]])).info).toBe('');
    });

    it('writes nothing but the version when that is assigned first', async () => {
      await upsert([[40, 10, 0, 100]]);
      await upsert([[40, 11, 100, 101]], 'first');
      expect(await rowOf(40)).toEqual({ n: 10, version: 101 });
    });
  },
);

describeEach(
  servers.flatMap((server) => (['mysql', 'mariadb'] as const).map((type) => ({ server, type }))),
  'R23 the way to tell winners, type $type',
  ({ server, type }) => {
    it(`is what the server can do: ${server.name}`, async () => {
      const database = await server.create();
      const options = { ...database.options, type } as DataSourceOptions;
      const first = await connect(options);
      await migrateLockout(first);
      await first.destroy();
      const { store, dataSource, close } = await openStore(options);
      const texts = statementsOf(dataSource);
      const swaps = Array.from({ length: 3 }, () => contractSwap());
      const { now } = await store.load([]);
      expect(await store.compareAndSwap(swaps, { now })).toEqual(new Set());
      const upserts = texts.filter((text) => text.includes('ON DUPLICATE KEY UPDATE'));
      expect(upserts).toHaveLength(1);
      expect(upserts.every((text) => text.includes(' RETURNING '))).toBe(server.name === 'MariaDB');
      // Counts say that all won: no version is read back.
      expect(texts).toHaveLength(2);
      await close();
      await database.drop();
    });
  },
);
