import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from './child-server.mjs';
import { freePort } from './free-port.mjs';

const run = promisify(execFile);
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

/**
 * A private, throw-away MariaDB (up in about a second). Rejects with ENOENT where none is installed.
 *
 * @param {{ durable?: boolean }} [options] `durable`: flush every commit and write every page twice, as in production;
 *   for benchmarks and for tests that kill the server.
 * @returns {Promise<{ url: string } & import('./child-server.mjs').ChildServer>}
 */
export async function startMariadb({ durable = false } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'lockout-mariadb-'));
  try {
    const shared = ['--no-defaults', `--user=${userInfo().username}`, `--datadir=${join(dir, 'data')}`];
    await run(
      'mariadb-install-db',
      [...shared, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'],
      { env },
    );
    const port = await freePort();
    const server = await startChild({
      command: 'mariadbd',
      args: [
        ...shared,
        `--socket=${join(dir, 's.sock')}`,
        `--pid-file=${join(dir, 'pid')}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--max-connections=500',
        '--innodb-buffer-pool-size=64M',
        '--innodb-log-file-size=16M',
        `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
        `--innodb-doublewrite=${durable ? 1 : 0}`,
        '--performance-schema=OFF',
      ],
      dir,
      ready: 'ready for connections',
      options: { env },
    });
    return { url: `mysql://root@127.0.0.1:${port}`, ...server };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}
