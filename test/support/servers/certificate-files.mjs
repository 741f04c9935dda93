import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A server's own certificate and its key, and the CA whose clients it trusts; PEM.
 *
 * @typedef {{ readonly cert: string, readonly key: string, readonly ca: string }} ServerCertificate
 */

/**
 * Writes them where a server finds them, so that only it can read the key.
 *
 * @param {string} dir
 * @param {ServerCertificate} certificate
 * @param {{ uid?: number, gid?: number }} [account] Whose the files are. Default: this process's.
 */
export function certificateFiles(dir, { cert, key, ca }, { uid, gid } = {}) {
  const files = {
    cert: join(dir, 'server.crt'),
    key: join(dir, 'server.key'),
    ca: join(dir, 'ca.crt'),
  };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  writeFileSync(files.ca, ca);
  if (uid !== undefined && gid !== undefined)
    for (const file of Object.values(files)) chownSync(file, uid, gid);
  return files;
}
