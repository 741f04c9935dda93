import type { TestDatabase } from '../../support/databases.js';

/** The database as `DATABASE_URL` names it; nothing for SQLite, which is the app's own file. */
export function databaseUrl({ options }: TestDatabase): NodeJS.ProcessEnv {
  if (options.type === 'better-sqlite3') return {};
  const { type, url, database } = options as {
    readonly type: string;
    readonly url: string;
    readonly database?: string;
  };
  const location = new URL(url);
  if (database) location.pathname = `/${database}`;
  // The scheme chooses TypeORM's type; it cannot be set on a URL object.
  return { DATABASE_URL: location.href.replace(/^[a-z]+:/, `${type}:`) };
}
