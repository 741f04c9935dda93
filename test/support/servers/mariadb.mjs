import { run, startMysqld } from './mysqld.mjs';

/**
 * A private, throw-away MariaDB (up in about a second). Rejects with ENOENT where none is installed.
 *
 * @param {{ durable?: boolean, certificate?: import('./certificate-files.mjs').ServerCertificate }} [options] `durable`:
 *   flush every commit and write every page twice, as in production; for benchmarks and for tests that kill the server.
 *   `certificate`: nobody is let in without TLS.
 * @returns {Promise<{ url: string } & import('./child-server.mjs').ChildServer>}
 */
export function startMariadb({ durable = false, certificate } = {}) {
  return startMysqld({
    command: 'mariadbd',
    first: ['--no-defaults'],
    install: (args) =>
      run('mariadb-install-db', [
        ...args,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--skip-name-resolve',
      ]),
    own: ['--innodb-log-file-size=16M', '--performance-schema=OFF'],
    durable,
    ...(certificate && { certificate }),
  });
}
