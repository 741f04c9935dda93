import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { certificateFiles } from './certificate-files.mjs';
import { startChild } from './child-server.mjs';
import { freePort } from './free-port.mjs';

const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

/**
 * Runs a program to its end, found also where servers are kept.
 *
 * @param {string} command
 * @param {readonly string[]} args
 */
export function run(command, args) {
  return promisify(execFile)(command, [...args], { env });
}

/**
 * A private, throw-away server of the MySQL family.
 *
 * @param {object} server
 * @param {string} server.command
 * @param {readonly string[]} server.first arguments that stand before all others
 * @param {(args: readonly string[], dir: string) => Promise<unknown>} server.install makes its system tables; `args`:
 *   those of every program that works on its data
 * @param {readonly string[]} server.own what only this one knows
 * @param {boolean} server.durable flush every commit and write every page twice
 * @param {import('./certificate-files.mjs').ServerCertificate} [server.certificate] nobody is let in without TLS
 * @returns {Promise<{ url: string } & import('./child-server.mjs').ChildServer>}
 */
export async function startMysqld({ command, first, install, own, durable, certificate }) {
  const dir = mkdtempSync(join(tmpdir(), 'lockout-mysqld-'));
  try {
    const shared = [
      ...first,
      `--user=${userInfo().username}`,
      `--datadir=${join(dir, 'data')}`,
      // As it starts a server clears away temporary tables, in the machine's own folder those of every other one, too.
      `--tmpdir=${dir}`,
      `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`,
      `--innodb-doublewrite=${durable ? 'ON' : 'OFF'}`,
      '--innodb-buffer-pool-size=64M',
    ];
    await install(shared, dir);
    const files = certificate && certificateFiles(dir, certificate);
    const port = await freePort();
    const server = await startChild({
      command,
      args: [
        ...shared,
        `--socket=${join(dir, 's.sock')}`,
        `--pid-file=${join(dir, 'pid')}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--max-connections=500',
        ...own,
        ...(files
          ? [
              `--ssl-cert=${files.cert}`,
              `--ssl-key=${files.key}`,
              `--ssl-ca=${files.ca}`,
              '--require-secure-transport=ON',
            ]
          : []),
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
