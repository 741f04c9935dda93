import { readFileSync } from 'node:fs';
import { canonicalAddress } from '../../key/index.js';

/** How a server of the MySQL family is spoken to under TLS, as mysql2 takes it. Texts are PEM. */
export interface MysqlTls {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What MySQL's own programs call them in a URL, and what mysql2 calls the file's text. */
const FILES = { 'ssl-ca': 'ca', 'ssl-cert': 'cert', 'ssl-key': 'key' } as const;
const MODE = 'ssl-mode';
const MODES: ReadonlyMap<string, Pick<MysqlTls, 'rejectUnauthorized' | 'verifyIdentity'> | null> = new Map([
  ['DISABLED', null],
  ['REQUIRED', { rejectUnauthorized: false, verifyIdentity: false }],
  ['VERIFY_CA', { rejectUnauthorized: true, verifyIdentity: false }],
  ['VERIFY_IDENTITY', { rejectUnauthorized: true, verifyIdentity: true }],
]);
/** Where files are named but no mode is: the strictest, for nobody named a CA in order to trust everybody. */
const STRICTEST = 'VERIFY_IDENTITY';
const NAMES: readonly string[] = [MODE, ...Object.keys(FILES)];

/**
 * Reads `ssl-mode`, `ssl-ca`, `ssl-cert` and `ssl-key` of a URL, as MySQL's own programs write them. TypeORM hands none of
 * them on. Adds to `problems` what is wrong, and what would have no effect.
 * @returns null without TLS.
 */
export function readMysqlTls(
  from: string,
  { searchParams, hostname }: URL,
  problems: string[],
): MysqlTls | null {
  const unknown = [...new Set(searchParams.keys())].filter((name) => !NAMES.includes(name));
  if (unknown.length > 0)
    problems.push(
      `${from}: ${unknown.join(', ')} has no effect. After the "?" there can be ${NAMES.join(', ')}: ` +
        `${MODE}=${STRICTEST}&ssl-ca=/path/to/ca.pem`,
    );
  const files = Object.entries(FILES).flatMap(([name, field]) => {
    const file = searchParams.get(name);
    return file === null ? [] : [[field, textOf(`${from}: ${name}`, file, problems)] as const];
  });
  const mode = searchParams.get(MODE)?.toUpperCase() ?? (files.length > 0 ? STRICTEST : 'DISABLED');
  const verification = MODES.get(mode);
  if (verification === undefined)
    problems.push(`${from}: ${MODE} is ${[...MODES.keys()].join(', ')}, and nothing else.`);
  // mysql2 would compare the certificate with "localhost" there.
  if (verification?.verifyIdentity && canonicalAddress(hostname.replace(/^\[|\]$/g, '')) !== null)
    problems.push(
      `${from}: ${MODE}=${mode} needs the host's name as the certificate has it, and not its address; ` +
        `with the address, name the CA that you trust: ${MODE}=VERIFY_CA&ssl-ca=/path/to/ca.pem`,
    );
  return verification ? { ...verification, ...Object.fromEntries(files) } : null;
}

function textOf(what: string, file: string, problems: string[]): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.push(`${what} cannot be read: ${(error as Error).message}.`);
    return '';
  }
}
