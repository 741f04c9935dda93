import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { startMariadb } from '../support/servers/mariadb.mjs';

const DATABASE = 'torture';
/** Rows that the saboteur's transaction has changed, so that the server ends the other one of a deadlock. */
const BALLAST = 200;

/** @returns {Promise<import('./target.mjs').Target>} */
export async function startTarget() {
  const server = await startMariadb({ durable: true });
  const url = `${server.url}/${DATABASE}`;
  const once = async (work, to = url) => {
    const connection = await mysql.createConnection({ uri: to, connectTimeout: 2_000 });
    connection.on('error', () => {});
    try {
      return await work(connection);
    } finally {
      connection.destroy();
    }
  };
  await once((connection) => connection.query(`CREATE DATABASE ${DATABASE}`), server.url);
  await once((connection) =>
    connection.query('CREATE TABLE ballast (n INT PRIMARY KEY, spot BINARY(8)) ENGINE=InnoDB'),
  );
  return {
    name: 'MariaDB',
    connection: { kind: 'mariadb', url },
    server,
    port: Number(new URL(url).port),
    cut: (many) =>
      once(async (connection) => {
        const [rows] = await connection.query(
          'SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID() ORDER BY RAND() LIMIT ?',
          [DATABASE, many],
        );
        let cut = 0;
        for (const { id } of rows) {
          await connection.query(`KILL CONNECTION ${Number(id)}`).then(
            () => {
              cut += 1;
            },
            () => {},
          );
        }
        return cut;
      }),
    disturb: (hashes, holdMs) =>
      once(async (connection) => {
        if (hashes.length === 0) return false;
        const [rows] = await connection.query(
          'SELECT `key` FROM lockout_record WHERE account_hash IN (?) ORDER BY `key` DESC LIMIT 6',
          [hashes.map((hash) => Buffer.from(hash, 'hex'))],
        );
        if (rows.length < 2) return false;
        await connection.query('SET innodb_lock_wait_timeout = 2');
        await connection.query('START TRANSACTION');
        const numbers = Array.from({ length: BALLAST }, () => [Math.floor(Math.random() * 2 ** 31)]);
        await connection.query('INSERT IGNORE INTO ballast (n) VALUES ?', [numbers]);
        try {
          // From the last to the first: the store takes them from the first to the last.
          for (const { key } of rows) {
            await connection.query('SELECT 1 FROM lockout_record WHERE `key` = ? FOR UPDATE', [key]);
            await sleep(holdMs);
          }
          return false;
        } catch (error) {
          if (error?.errno === 1213) return true;
          throw error;
        } finally {
          await connection.query('ROLLBACK').catch(() => {});
        }
      }),
    beat: () =>
      once((connection) => connection.query('REPLACE INTO ballast (n, spot) VALUES (-1, RANDOM_BYTES(8))')),
    deadlocks: () =>
      once(async (connection) => {
        const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'");
        return Number(rows[0]?.Value ?? 0);
      }),
  };
}
