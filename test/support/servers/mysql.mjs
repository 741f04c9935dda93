import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, startMysqld } from './mysqld.mjs';

/**
 * How to call MySQL's own server: the one that `fetch-mysql.sh` unpacked into the folder LOCKOUT_MYSQL_ROOT, with the
 * libraries beside it, or the one on the PATH. Rejects with ENOENT where there is none, also where `mysqld` is MariaDB.
 *
 * @returns {Promise<{ command: string, args: readonly string[] }>}
 */
async function mysqlProgram() {
  const root = process.env['LOCKOUT_MYSQL_ROOT'];
  const program = root ? unpacked(root) : { command: 'mysqld', args: ['--no-defaults'] };
  const { stdout } = await run(program.command, [...program.args, '--version']);
  if (/mariadb/i.test(stdout))
    throw Object.assign(new Error(`mysqld is not MySQL: ${stdout.trim()}`), { code: 'ENOENT' });
  return program;
}

/**
 * Through the loader that came with it: its C library is newer than the system's. So it needs neither chroot nor root.
 *
 * @param {string} root
 */
function unpacked(root) {
  const libraries = join(root, 'usr/lib');
  const found = existsSync(libraries)
    ? readdirSync(libraries)
        .map((name) => join(libraries, name))
        .map((folder) => ({ folder, loader: loaderIn(folder) }))
        .find(({ loader }) => loader !== undefined)
    : undefined;
  if (!found?.loader)
    throw Object.assign(new Error(`There is no MySQL in LOCKOUT_MYSQL_ROOT=${root}`), { code: 'ENOENT' });
  return {
    command: found.loader,
    args: [
      '--library-path',
      found.folder,
      join(root, 'usr/sbin/mysqld'),
      // First, or the server does not take it.
      '--no-defaults',
      `--basedir=${join(root, 'usr')}`,
    ],
  };
}

/** `ld-linux-x86-64.so.2`, `ld-linux-aarch64.so.1`, … @param {string} folder */
function loaderIn(folder) {
  const name = /-linux-gnu/.test(folder)
    ? readdirSync(folder).find((file) => /^ld-linux.*\.so\.\d+$/.test(file))
    : undefined;
  return name && join(folder, name);
}

/**
 * A private, throw-away MySQL (up in about five seconds: it makes its system tables first). Rejects with ENOENT where
 * none is installed.
 *
 * @param {{ durable?: boolean }} [options] `durable`: flush every commit and write every page twice, as in production;
 *   for benchmarks and for tests that kill the server.
 * @returns {Promise<{ url: string } & import('./child-server.mjs').ChildServer>}
 */
export async function startMysql({ durable = false } = {}) {
  const { command, args: first } = await mysqlProgram();
  return startMysqld({
    command,
    first,
    install: async (args, dir) => {
      const grants = join(dir, 'first.sql');
      // What it makes by itself may come in by the socket only.
      writeFileSync(
        grants,
        "CREATE USER root@'127.0.0.1';\nGRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n",
      );
      await run(command, [...args, '--initialize-insecure', `--init-file=${grants}`]);
    },
    own: [
      '--mysqlx=OFF',
      '--skip-log-bin',
      // Debian's default is a folder that its package would make.
      '--secure-file-priv=NULL',
    ],
    durable,
  });
}
