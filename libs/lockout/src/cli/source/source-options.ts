import type { LockoutPolicy } from '../../policy/index.js';
import type { DatabaseUrl } from './database-url.js';

/** The admin API of a running application. */
export interface ApiAccess {
  readonly kind: 'api';
  /** Ends in a slash. */
  readonly url: URL;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number;
}

/** Its store. */
export interface StoreAccess {
  readonly kind: 'store';
  readonly database: DatabaseUrl;
  /** Key secrets, in the order given. */
  readonly secrets: readonly (string | Uint8Array)[];
  /** What governs in code; null: only what was saved is known. */
  readonly policies: readonly LockoutPolicy[] | null;
  /** Before the names of tables, or of Redis keys; null: the default. */
  readonly prefix: string | null;
  /** Schema (PostgreSQL) or database (MySQL, MariaDB) of the tables; null: the connection's own. */
  readonly schema: string | null;
  readonly timeoutMs: number;
}

export type SourceAccess = ApiAccess | StoreAccess;
