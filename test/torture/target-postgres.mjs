import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../support/servers/postgres.mjs';

const DATABASE = 'torture';

/** @returns {Promise<import('./target.mjs').Target>} */
export async function startTarget() {
  const server = await startPostgres({ durable: true });
  const location = new URL(server.url);
  location.pathname = `/${DATABASE}`;
  const url = location.href;
  const once = async (work, to = url) => {
    const client = new pg.Client({ connectionString: to, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end().catch(() => {});
    }
  };
  await once(async (client) => {
    await client.query(`CREATE DATABASE ${DATABASE}`);
    // Whoever waits this long looks for a deadlock, and is the one that is ended: the store, not the saboteur.
    await client.query(`ALTER DATABASE ${DATABASE} SET deadlock_timeout = '20ms'`);
  }, server.url);
  return {
    name: 'PostgreSQL',
    connection: { kind: 'postgres', url },
    server,
    port: Number(location.port),
    cut: (many) =>
      once(async (client) => {
        const { rowCount } = await client.query(
          'SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity ' +
            'WHERE datname = $1 AND pid <> pg_backend_pid() ORDER BY random() LIMIT $2) AS chosen',
          [DATABASE, many],
        );
        return rowCount ?? 0;
      }),
    disturb: (hashes, holdMs) =>
      once(async (client) => {
        const { rows } = await client.query(
          'SELECT key FROM lockout_record WHERE account_hash = ANY($1::bytea[]) ORDER BY key DESC LIMIT 6',
          [hashes.map((hash) => Buffer.from(hash, 'hex'))],
        );
        if (rows.length < 2) return false;
        await client.query("SET deadlock_timeout = '5s'");
        await client.query("SET lock_timeout = '2s'");
        await client.query('BEGIN');
        try {
          // From the last to the first: the store takes them from the first to the last.
          for (const { key } of rows) {
            await client.query('SELECT 1 FROM lockout_record WHERE key = $1 FOR UPDATE', [key]);
            await sleep(holdMs);
          }
          return false;
        } catch (error) {
          if (error?.code === '40P01') return true;
          throw error;
        } finally {
          await client.query('ROLLBACK').catch(() => {});
        }
      }),
    beat: () => once((client) => client.query("COMMENT ON DATABASE torture IS 'beats'")),
    deadlocks: () =>
      once(async (client) => {
        const { rows } = await client.query('SELECT deadlocks FROM pg_stat_database WHERE datname = $1', [
          DATABASE,
        ]);
        return Number(rows[0]?.deadlocks ?? 0);
      }),
  };
}
