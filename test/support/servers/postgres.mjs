import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { certificateFiles } from './certificate-files.mjs';
import { startChild } from './child-server.mjs';
import { freePort } from './free-port.mjs';

const run = promisify(execFile);

/**
 * Where the server's programs are: where Debian keeps them, newest release first, or on the PATH. Looked for here
 * because an account without rights, which may not enter every folder of the PATH, is told EACCES for a missing one.
 */
function programs() {
  const root = '/usr/lib/postgresql';
  const releases = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...releases.map((release) => join(root, release, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  const found = folders.find((bin) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')));
  if (!found) throw Object.assign(new Error('initdb and postgres are not installed'), { code: 'ENOENT' });
  return (/** @type {string} */ name) => join(found, name);
}

/** PostgreSQL refuses to run as root: then it runs as an account without rights. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { stdio: 'pipe' })),
      );
      return { uid, gid };
    } catch {
      // Not on this system: try the next.
    }
  }
  throw new Error('PostgreSQL cannot run as root and there is no account to run it as');
}

/**
 * A private, throw-away PostgreSQL (up in about two seconds). Rejects with ENOENT where none is installed.
 *
 * @param {{ durable?: boolean, certificate?: import('./certificate-files.mjs').ServerCertificate }} [options] `durable`:
 *   wait for the disk at every commit, as in production. `certificate`: nobody is let in without TLS.
 * @returns {Promise<{ url: string } & import('./child-server.mjs').ChildServer>}
 */
export async function startPostgres({ durable = false, certificate } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'lockout-postgres-'));
  try {
    const account = unprivileged();
    if (account.uid !== undefined && account.gid !== undefined) chownSync(dir, account.uid, account.gid);
    const program = programs();
    const data = join(dir, 'data');
    const options = { ...account, cwd: dir, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' } };
    await run(
      program('initdb'),
      ['-D', data, '--no-sync', '--auth=trust', '--username=root', '--encoding=UTF8', '--no-instructions'],
      options,
    );
    const files = certificate && certificateFiles(dir, certificate, account);
    if (files) writeFileSync(join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 trust\n');
    const port = await freePort();
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port: String(port),
      max_connections: '300',
      shared_buffers: '64MB',
      ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
      ...(files && { ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key }),
    };
    const server = await startChild({
      command: program('postgres'),
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      dir,
      ready: 'database system is ready to accept connections',
      // Fast shutdown: open connections are cut.
      stopSignal: 'SIGINT',
      options,
    });
    return { url: `postgres://root@127.0.0.1:${port}/postgres`, ...server };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}
