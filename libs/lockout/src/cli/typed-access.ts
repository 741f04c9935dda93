import { CommandProblem } from './command-problem.js';
import { fileChoice, presetChoice } from './policy-choice.js';
import { printable } from './printable.js';
import { readDatabaseUrl } from './source/database-url.js';
import { readSecrets, readSecretsFile } from './source/secrets.js';
import type { ApiAccess, SourceAccess, StoreAccess } from './source/source-options.js';
import { EXIT, type Terminal } from './terminal.js';

/** The options that say where to look, as they were typed. */
export interface TypedAccess {
  readonly url?: string;
  readonly header?: readonly string[];
  readonly database?: string;
  readonly secretsFile?: string;
  readonly preset?: string;
  readonly policies?: string;
  readonly prefix?: string;
  readonly schema?: string;
  readonly timeout?: string;
}

type Environment = Terminal['environment'];

/** What only concerns the store. */
const OF_STORE = ['secretsFile', 'preset', 'policies', 'prefix', 'schema'] as const;

const DEFAULT_TIMEOUT_S = '10';
const MAX_TIMEOUT_S = 300;
/** Of HTTP: a token, then anything without a line break. */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*)$/;

/**
 * Where the operator looks: what was typed, or else the environment.
 * @throws {CommandProblem} with everything that is wrong.
 */
export function readAccess(typed: TypedAccess, environment: Environment): SourceAccess {
  const problems: string[] = [];
  const access = accessOf(typed, environment, problems);
  if (problems.length > 0 || access === null) throw new CommandProblem(problems, EXIT.usage);
  return access;
}

function accessOf(typed: TypedAccess, environment: Environment, problems: string[]): SourceAccess | null {
  const isTyped = typed.url !== undefined || typed.database !== undefined;
  const url = isTyped ? typed.url : environment['LOCKOUT_URL'] || undefined;
  const database = isTyped ? typed.database : environment['LOCKOUT_DATABASE'] || undefined;
  if ((url === undefined) === (database === undefined)) {
    const which = url === undefined ? 'Where?' : 'Not both:';
    problems.push(
      `${which} --url https://host/lockout (or LOCKOUT_URL) for the admin API, --database mysql://… (or LOCKOUT_DATABASE) for its store.`,
    );
    return null;
  }
  const timeoutMs = readTimeout(typed.timeout ?? DEFAULT_TIMEOUT_S, problems);
  if (url !== undefined)
    return apiAccess(
      { from: typed.url === undefined ? 'LOCKOUT_URL' : '--url', url, timeoutMs },
      typed,
      environment,
      problems,
    );
  const from = typed.database === undefined ? 'LOCKOUT_DATABASE' : '--database';
  return storeAccess({ from, database: database ?? '', timeoutMs }, typed, environment, problems);
}

function apiAccess(
  { from, url, timeoutMs }: { readonly from: string; readonly url: string; readonly timeoutMs: number },
  typed: TypedAccess,
  environment: Environment,
  problems: string[],
): ApiAccess | null {
  for (const name of OF_STORE) {
    if (typed[name] !== undefined)
      problems.push(
        `--${name === 'secretsFile' ? 'secrets-file' : name} is for --database; the API has it all.`,
      );
  }
  const lines = (environment['LOCKOUT_HEADER'] ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const headers = [
    ...lines.flatMap((line) => readHeader('LOCKOUT_HEADER', line, problems)),
    ...(typed.header ?? []).flatMap((line) => readHeader('--header', line, problems)),
  ];
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    problems.push(`${from} ${printable(url)}: write https://host/lockout.`);
    return null;
  }
  if (parsed.username !== '' || parsed.password !== '')
    problems.push(`${from} holds a password: give it with --header 'Authorization: …', or LOCKOUT_HEADER.`);
  if (parsed.search !== '' || parsed.hash !== '')
    problems.push(`${from} ${printable(url)}: only where the admin API is mounted, without ? and #.`);
  if (!parsed.pathname.endsWith('/')) parsed.pathname += '/';
  return { kind: 'api', url: parsed, headers, timeoutMs };
}

function storeAccess(
  {
    from,
    database,
    timeoutMs,
  }: { readonly from: string; readonly database: string; readonly timeoutMs: number },
  typed: TypedAccess,
  environment: Environment,
  problems: string[],
): StoreAccess | null {
  if (typed.header !== undefined) problems.push('--header is for --url; a database takes none.');
  const location = readDatabaseUrl(from, database, problems);
  const secrets = secretsOf(typed, environment, problems);
  if (typed.preset !== undefined && typed.policies !== undefined)
    problems.push('Not both: --preset <name>, or --policies <file.json>.');
  const preset = typed.preset === undefined ? null : presetChoice(typed.preset, problems);
  const file = typed.policies === undefined ? null : fileChoice(typed.policies, problems);
  if (typed.schema !== undefined && (location?.type === 'sqlite' || location?.type === 'redis'))
    problems.push(`--schema is for PostgreSQL, MySQL and MariaDB; ${location.type} has none.`);
  if (location === null) return null;
  return {
    kind: 'store',
    database: location,
    secrets,
    policies: (file ?? preset)?.policies ?? null,
    prefix: typed.prefix ?? null,
    schema: typed.schema ?? null,
    timeoutMs,
  };
}

function secretsOf(
  { secretsFile }: TypedAccess,
  environment: Environment,
  problems: string[],
): readonly (string | Uint8Array)[] {
  if (secretsFile !== undefined) return readSecretsFile(secretsFile, problems);
  for (const name of ['LOCKOUT_SECRETS', 'LOCKOUT_SECRET'] as const) {
    const text = environment[name];
    if (text !== undefined && text.trim() !== '') return readSecrets(name, text, problems);
  }
  problems.push(
    'Which secrets? Keys are made with those of the application: LOCKOUT_SECRETS or --secrets-file, one a line. Never as an argument: others can read those.',
  );
  return [];
}

function readHeader(from: string, line: string, problems: string[]): [string, string][] {
  const [, name, value] = HEADER.exec(line.trim()) ?? [];
  if (name !== undefined && value !== undefined) return [[name, value.trim()]];
  // Not quoted: it is a credential.
  problems.push(`${from}: write it as 'Name: value'.`);
  return [];
}

function readTimeout(text: string, problems: string[]): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 0.1 && seconds <= MAX_TIMEOUT_S) return Math.round(seconds * 1000);
  problems.push(`--timeout ${printable(text)}: must be a number of seconds from 0.1 to ${MAX_TIMEOUT_S}.`);
  return 1000 * Number(DEFAULT_TIMEOUT_S);
}
