import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type MysqlTls, readMysqlTls } from './mysql-tls.js';

/** Which store to open. */
export type DatabaseUrl =
  | TablesUrl
  | { readonly type: 'redis'; readonly url: string; readonly shown: string };

/** A store of tables. `shown`: without a password. `tls` null: the server is spoken to in plain text. */
export type TablesUrl =
  | {
      readonly type: 'mysql' | 'mariadb';
      readonly url: string;
      readonly tls: MysqlTls | null;
      readonly shown: string;
    }
  | { readonly type: 'postgres'; readonly url: string; readonly shown: string }
  | { readonly type: 'sqlite'; readonly file: string; readonly shown: string };

const SERVERS: ReadonlyMap<string, 'mysql' | 'mariadb' | 'postgres' | 'redis'> = new Map([
  ['mysql:', 'mysql'],
  ['mariadb:', 'mariadb'],
  ['postgres:', 'postgres'],
  ['postgresql:', 'postgres'],
  ['redis:', 'redis'],
  ['rediss:', 'redis'],
]);

const FORMS =
  'write mysql://, mariadb://, postgres:// or redis://user:password@host/database, or sqlite:/path/to/file';

/**
 * Reads where the store is. Adds what is wrong to `problems`, without quoting it: it may hold a password.
 * @returns null with a problem.
 */
export function readDatabaseUrl(from: string, text: string, problems: string[]): DatabaseUrl | null {
  if (text.toLowerCase().startsWith('sqlite:')) return readFile(from, text.slice('sqlite:'.length), problems);
  const url = URL.canParse(text) ? new URL(text) : null;
  const type = url ? SERVERS.get(url.protocol) : undefined;
  if (!url || !type) {
    problems.push(`${from}: ${FORMS}.`);
    return null;
  }
  if (url.hostname === '') problems.push(`${from} names no host: ${FORMS}.`);
  if (type !== 'redis' && url.pathname.length < 2) problems.push(`${from} names no database: ${FORMS}.`);
  if (url.hash !== '') problems.push(`${from}: nobody reads what follows a "#"; in a password it is %23.`);
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  if (type === 'postgres' || type === 'redis') {
    problems.push(...foreignTls(type, url).map((told) => `${from}: ${told}`));
    return { type, url: text, shown };
  }
  // TypeORM takes what follows the first colon for the port.
  if (url.hostname.startsWith('[')) problems.push(`${from}: write the host's name, not its IPv6 address.`);
  return { type, url: text, tls: readMysqlTls(from, url, problems), shown };
}

/** Who asks for TLS in the words of another server would get none, and not know. */
function foreignTls(type: 'postgres' | 'redis', { searchParams }: URL): readonly string[] {
  const isForeign = type === 'redis' ? /^(ssl|tls)/i : /^ssl-/i;
  const idle = [...new Set(searchParams.keys())].filter((name) => isForeign.test(name));
  const instead =
    type === 'redis' ? 'write rediss://' : 'write sslmode=verify-full&sslrootcert=/path/to/ca.pem';
  return idle.length > 0 ? [`${idle.join(', ')} has no effect there: ${instead}.`] : [];
}

/** A file that is not there is not made: that would be another, empty store. */
function readFile(from: string, text: string, problems: string[]): DatabaseUrl | null {
  const path = text.replace(/^\/\/(?=\/|$)/, '');
  if (path === '') {
    problems.push(`${from} names no file: write sqlite:/path/to/file.`);
    return null;
  }
  const file = resolve(path);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    problems.push(`${from}: there is no such file: ${file}.`);
    return null;
  }
  return { type: 'sqlite', file, shown: `sqlite:${file}` };
}

/** What a driver says, without the password that it may repeat. */
export function withoutPassword(text: string, database: DatabaseUrl): string {
  if (database.type === 'sqlite') return text;
  const { password } = new URL(database.url);
  const spellings = [password, safelyDecoded(password)].filter((spelling) => spelling !== '');
  return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '…'), text);
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
