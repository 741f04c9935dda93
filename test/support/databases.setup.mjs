import { startMariadb } from './servers/mariadb.mjs';
import { startMysql } from './servers/mysql.mjs';
import { startPostgres } from './servers/postgres.mjs';
import { startRedis } from './servers/redis.mjs';

/** One line of the environment, one server: what is set already is used, what is not is started for this run. */
const SERVERS = [
  { variable: 'LOCKOUT_TEST_MYSQL_URL', name: 'MariaDB', packages: 'mariadb-server', start: startMariadb },
  { variable: 'LOCKOUT_TEST_POSTGRES_URL', name: 'PostgreSQL', packages: 'postgresql', start: startPostgres },
  { variable: 'LOCKOUT_TEST_REDIS_URL', name: 'Redis', packages: 'redis-server', start: startRedis },
];

/** MySQL itself, which Debian does not have: asked for by naming where `fetch-mysql.sh` unpacked it. */
if (process.env['LOCKOUT_MYSQL_ROOT']) {
  const variable = 'LOCKOUT_TEST_MYSQL9_URL';
  SERVERS.push({ variable, name: 'MySQL', packages: 'see fetch-mysql.sh', start: startMysql });
}

/** Once per jest run, before every project that asks for it. LOCKOUT_TEST_DURABLE=1: as durable as in production. */
export default async function setup() {
  const durable = process.env['LOCKOUT_TEST_DURABLE'] === '1';
  globalThis.lockoutServers = [];
  await Promise.all(
    SERVERS.filter(({ variable }) => !process.env[variable]).map(
      async ({ variable, name, packages, start }) => {
        try {
          const server = await start({ durable });
          globalThis.lockoutServers.push(server);
          process.env[variable] = server.url;
        } catch (error) {
          if (process.env['CI'] || error?.code !== 'ENOENT') throw error;
          console.warn(
            `${name} is not installed: its tests are skipped (apt-get install ${packages}, or set ${variable})`,
          );
        }
      },
    ),
  );
}
