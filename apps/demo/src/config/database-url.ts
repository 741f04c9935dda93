import { join } from 'node:path';

/** Which database the app keeps everything in. */
export type DatabaseChoice =
  | { readonly type: 'sqlite'; readonly file: string }
  | { readonly type: 'mysql' | 'mariadb' | 'postgres'; readonly url: string };

const TYPES: Readonly<Record<string, 'mysql' | 'mariadb' | 'postgres'>> = {
  'mysql:': 'mysql',
  'mariadb:': 'mariadb',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

/** A file in the data folder unless `DATABASE_URL` names a server. Adds to `problems` what is wrong. */
export function readDatabase(url: string | undefined, dataDir: string, problems: string[]): DatabaseChoice {
  const file: DatabaseChoice = { type: 'sqlite', file: join(dataDir, 'demo.sqlite') };
  if (url === undefined || url === '') return file;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const type = parsed ? TYPES[parsed.protocol] : undefined;
  if (!parsed || !type) {
    problems.push('DATABASE_URL must begin with mysql://, mariadb:// or postgres://.');
    return file;
  }
  if (parsed.pathname.length < 2) {
    problems.push(`DATABASE_URL names no database: ${parsed.protocol}//user:password@host/database.`);
    return file;
  }
  return { type, url };
}
