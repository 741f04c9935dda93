import type { DataSource } from 'typeorm';
import type { Row } from './dialect.js';
import type { Lease, Outcome } from './session.js';

/** The part of a mysql2 connection that is used. */
interface MysqlConnection {
  /** The server's number of it. */
  readonly threadId: number | null;
  execute(options: MysqlQuery, done: (error: Error | null, result: unknown) => void): void;
  query(options: MysqlQuery, done: (error: Error | null, result: unknown) => void): void;
  release(): void;
  destroy(): void;
}

interface MysqlQuery {
  readonly sql: string;
  readonly values?: readonly unknown[];
  readonly rowsAsArray: boolean;
  /** Ours, whatever the application's DataSource sets: the codec relies on what mysql2 returns by itself. */
  readonly typeCast: boolean;
}

interface MysqlDriver {
  obtainMasterConnection(): Promise<MysqlConnection>;
}

/**
 * A connection to the primary, out of the pool of TypeORM's driver.
 *
 * @param onCut Told the server's number of the connection when it is cut: the server may still be at its statement.
 */
export async function leaseMysql(
  dataSource: DataSource,
  onCut: (threadId: number) => void = () => {},
): Promise<Lease> {
  const connection = await (dataSource.driver as unknown as MysqlDriver).obtainMasterConnection();
  const send = (method: 'execute' | 'query', sql: string, values?: readonly unknown[]): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      connection[method](
        { sql, ...(values && { values }), rowsAsArray: true, typeCast: true },
        (error, result) => {
          if (error) reject(error);
          else resolve(outcomeOf(result));
        },
      );
    });
  return {
    run: (sql, values) => send('execute', sql, values),
    say: (sql) => send('query', sql),
    release: () => connection.release(),
    destroy: () => {
      const { threadId } = connection;
      connection.destroy();
      if (threadId !== null) onCut(threadId);
    },
    isAnswer: (error) => isServerError(error),
  };
}

function outcomeOf(result: unknown): Outcome {
  if (Array.isArray(result)) return { rows: result as Row[], affected: 0, info: '' };
  const { affectedRows = 0, info = '' } = (result ?? {}) as { affectedRows?: number; info?: string };
  return { rows: [], affected: affectedRows, info };
}

/** Errors of the server have a number and a five-character state; broken connections are `fatal`. */
function isServerError(error: unknown): boolean {
  const { errno, sqlState, fatal } = (error ?? {}) as {
    errno?: unknown;
    sqlState?: unknown;
    fatal?: unknown;
  };
  return typeof errno === 'number' && typeof sqlState === 'string' && sqlState.length === 5 && fatal !== true;
}
