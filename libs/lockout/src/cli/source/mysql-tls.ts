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

type Verification = Pick<MysqlTls, 'rejectUnauthorized' | 'verifyIdentity'>;

/** What MySQL's own programs call them in a URL, and what mysql2 calls the file's text. */
const FILES = { 'ssl-ca': 'ca', 'ssl-cert': 'cert', 'ssl-key': 'key' } as const;
const MODE = 'ssl-mode';
const MODES: ReadonlyMap<string, Verification | null> = new Map([
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
  { searchParams, search, hostname }: URL,
  problems: string[],
): MysqlTls | null {
  const names = [...searchParams.keys()];
  const unknown = [...new Set(names)].filter((name) => !NAMES.includes(name));
  if (unknown.length > 0)
    problems.push(
      // A password with a "?" in it ends up here.
      `${from}: ${search.includes('@') ? 'what stands there' : unknown.join(', ')} has no effect. ` +
        `After the "?" there can be ${NAMES.join(', ')}: ${MODE}=${STRICTEST}&ssl-ca=/path/to/ca.pem`,
    );
  for (const name of NAMES)
    if (searchParams.getAll(name).length > 1) problems.push(`${from}: ${name} is there more than once.`);
  const files = Object.entries(FILES).flatMap(([name, field]) => {
    const file = searchParams.get(name);
    return file === null ? [] : [[field, textOf(`${from}: ${name}`, file, problems)] as const];
  });
  const mode = searchParams.get(MODE)?.toUpperCase() ?? (files.length > 0 ? STRICTEST : 'DISABLED');
  const verification = MODES.get(mode);
  if (verification === undefined) {
    problems.push(`${from}: ${MODE} is ${[...MODES.keys()].join(', ')}, and nothing else.`);
    return null;
  }
  problems.push(
    ...contradictions(mode, verification, new Set(names), hostname).map((told) => `${from}: ${told}`),
  );
  return verification && { ...verification, ...Object.fromEntries(files) };
}

/** What the mode makes of no effect, and what it cannot do without. */
function contradictions(
  mode: string,
  verification: Verification | null,
  names: ReadonlySet<string>,
  hostname: string,
): readonly string[] {
  const told: string[] = [];
  const idle = Object.keys(FILES).filter(
    (name) =>
      names.has(name) && (verification === null || (name === 'ssl-ca' && !verification.rejectUnauthorized)),
  );
  if (idle.length > 0)
    told.push(
      `${idle.join(', ')} has no effect with ${MODE}=${mode}: the server is checked with VERIFY_CA or ${STRICTEST}.`,
    );
  if (names.has('ssl-cert') !== names.has('ssl-key'))
    told.push('ssl-cert and ssl-key are of no use without each other: name both files.');
  // Everybody can have a certificate of a CA that Node trusts, for a host of their own.
  if (mode === 'VERIFY_CA' && !names.has('ssl-ca'))
    told.push(
      `${MODE}=${mode} compares no name, so it needs the one CA that you trust: &ssl-ca=/path/to/ca.pem`,
    );
  // mysql2 would compare the certificate with "localhost" there.
  if (verification?.verifyIdentity && canonicalAddress(hostname) !== null)
    told.push(
      `${MODE}=${mode} needs the host's name as the certificate has it, and not its address; ` +
        `with the address, name the CA that you trust: ${MODE}=VERIFY_CA&ssl-ca=/path/to/ca.pem`,
    );
  return told;
}

function textOf(what: string, file: string, problems: string[]): string {
  try {
    const text = readFileSync(file, 'utf8');
    // Of an empty one Node would make "every CA that I know".
    if (!text.includes('-----BEGIN ')) problems.push(`${what} is no PEM file: ${file}.`);
    return text;
  } catch (error) {
    problems.push(`${what} cannot be read: ${(error as Error).message}.`);
    return '';
  }
}
