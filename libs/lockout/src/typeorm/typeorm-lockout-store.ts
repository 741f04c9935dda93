import type { DataSource } from 'typeorm';
import { ANSWER_FIELDS } from '../store/answer-row.js';
import { ComposedStore, type StoreParts } from '../store/composed-store.js';
import type { LockoutStore } from '../store/lockout-store.js';
import { NODE_COLUMNS } from '../store/node-row.js';
import { QUOTA_FIELDS } from '../store/quota-row.js';
import { UNLOCK_LINK_FIELDS } from '../store/unlock-link-row.js';
import { AnswerQueries } from './answer-queries.js';
import { AuditQueries } from './audit-queries.js';
import { monotonic, random } from './clock.js';
import { familyOf } from './column-types.js';
import type { Dialect, DialectSettings } from './dialect.js';
import { DirectoryQueries } from './directory-queries.js';
import { EntrySteps } from './entry-steps.js';
import { KeyedTable } from './keyed-table.js';
import { type LockoutTables, lockoutTables } from './lockout-tables.js';
import { LockoutTypeormError } from './lockout-typeorm-error.js';
import { MysqlDialect } from './mysql-dialect.js';
import { NodeQueries } from './node-queries.js';
import { OutboxQueries } from './outbox-queries.js';
import { OutboxSteps } from './outbox-steps.js';
import { PolicyQueries } from './policy-queries.js';
import { PostgresDialect } from './postgres-dialect.js';
import { QuotaQueries } from './quota-queries.js';
import { assertFingerprints, storedFingerprint } from './secret-fingerprint.js';
import { SqliteDialect } from './sqlite-dialect.js';
import { assertTables } from './table-check.js';
import { UnlockLinkQueries } from './unlock-link-queries.js';

export interface TypeormLockoutStoreOptions {
  /** Epoch ms; replaces the database's clock. For tests: with several processes only the database has one clock. */
  readonly clock?: () => number;
  /** How long the database may take for one statement before it counts as not answering, ms ≥ 100. Default 1000. */
  readonly statementTimeoutMs?: number;
  /**
   * MySQL and MariaDB. `auto` (default): `RETURNING` where the server has it. `never`: do without, as on MySQL; for
   * proxies that refuse it.
   */
  readonly returning?: 'auto' | 'never';
  /** PostgreSQL: named prepared statements. Default `true`; `false` behind PgBouncer in transaction mode. */
  readonly preparedStatements?: boolean;
}

interface Opened extends StoreParts {
  readonly dialect: Dialect;
  readonly tables: LockoutTables;
}

/**
 * The store on a database that TypeORM connects to: MySQL, MariaDB, PostgreSQL, or SQLite through better-sqlite3 or
 * libsql. It takes connections from the DataSource's pool, to the primary, outside the application's transactions; on
 * SQLite it opens a connection of its own.
 *
 * Every method rejects with {@link StoreError} when the database cannot answer.
 */
export class TypeormLockoutStore extends ComposedStore<Opened> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly options: TypeormLockoutStoreOptions = {},
  ) {
    super(options.clock);
  }

  /**
   * Connects. The DataSource is initialised, has {@link lockoutEntities}, and its tables exist (`migrateLockout`).
   * Throws {@link LockoutTypeormError} that says what is missing. Calling it again does nothing.
   */
  async init(): Promise<void> {
    if (this.opened) return;
    const tables = lockoutTables(this.dataSource);
    const dialect = this.dialectFor(tables);
    await dialect.open();
    try {
      await assertTables(dialect, tables);
    } catch (error) {
      await dialect.close();
      throw error;
    }
    const deliveries = new OutboxSteps(dialect, tables);
    const entries = new EntrySteps(dialect, tables, deliveries);
    this.opened = {
      dialect,
      tables,
      records: recordsOf(dialect),
      directory: new DirectoryQueries(dialect, tables, monotonic),
      audit: new AuditQueries(dialect, tables, entries, deliveries),
      policies: new PolicyQueries(dialect, tables, entries, monotonic),
      nodes: new NodeQueries(new KeyedTable(dialect, tables.node, NODE_COLUMNS)),
      answers: new AnswerQueries(new KeyedTable(dialect, tables.answer, ANSWER_FIELDS)),
      outbox: new OutboxQueries(dialect, tables, entries, deliveries, monotonic),
      quotas: new QuotaQueries(new KeyedTable(dialect, tables.quota, QUOTA_FIELDS)),
      unlockLinks: new UnlockLinkQueries(new KeyedTable(dialect, tables.unlockLink, UNLOCK_LINK_FIELDS)),
    };
  }

  /** Closes what the store opened itself; the DataSource stays open. */
  async close(): Promise<void> {
    const opened = this.opened;
    this.opened = undefined;
    await opened?.dialect.close();
  }

  /** See `secret-fingerprint.ts`. Throws {@link LockoutTypeormError} when this node's secrets are not the others'. */
  async assertFingerprints(fingerprints: readonly string[]): Promise<void> {
    const { dialect, tables } = this.ready();
    await assertFingerprints(dialect, tables, fingerprints);
  }

  /** The fingerprint of the secret that the nodes use; null: none has started yet. Unlike the check it leaves no trace. */
  async storedFingerprint(): Promise<string | null> {
    const { dialect, tables } = this.ready();
    return storedFingerprint(dialect, tables);
  }

  private dialectFor(tables: LockoutTables): Dialect {
    const { statementTimeoutMs = 1000, returning = 'auto', preparedStatements = true } = this.options;
    if (!(statementTimeoutMs >= 100))
      throw new LockoutTypeormError(
        `statementTimeoutMs is ${statementTimeoutMs}, and has to be at least 100 (milliseconds).`,
      );
    const settings: DialectSettings = { clock: this.options.clock, statementTimeoutMs };
    const family = familyOf(this.dataSource.options.type);
    switch (family) {
      case 'mysql':
        return new MysqlDialect(this.dataSource, tables, { ...settings, returning });
      case 'postgres':
        return new PostgresDialect(this.dataSource, tables, { ...settings, prepared: preparedStatements });
      case 'sqlite':
        return new SqliteDialect(this.dataSource, tables, { ...settings, monotonic, random });
      default:
        return family satisfies never;
    }
  }
}

function recordsOf(dialect: Dialect): LockoutStore {
  return {
    load: (keys) => dialect.load(keys),
    compareAndSwap: (swaps, options) => dialect.swap(swaps, options),
    swapExclusively: (keys, decide) => dialect.swapExclusively(keys, decide),
  };
}
