import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Row } from './dialect.js';
import type { Lease } from './session.js';

/** The part of a pg client that is used. */
interface PostgresClient {
  query(config: PostgresQuery): Promise<{ rows: Row[]; rowCount: number | null }>;
  on(event: 'error', listener: (error: unknown) => void): void;
  removeListener(event: 'error', listener: (error: unknown) => void): void;
}

interface PostgresQuery {
  readonly name?: string;
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly rowMode: 'array';
}

interface PostgresDriver {
  /** The pool to the primary. */
  readonly master: {
    on(event: 'connect', listener: (client: PostgresClient) => void): void;
    removeListener(event: 'connect', listener: (client: PostgresClient) => void): void;
  };
  obtainMasterConnection(): Promise<[PostgresClient, (error?: Error) => void]>;
}

const ignore = (): void => undefined;
const listen = (client: PostgresClient): void => client.on('error', ignore);

/**
 * From now on every new connection of the pool has somebody who hears that it broke, until the function that is returned
 * is called. The pool stops listening in the moment it hands one out, and whoever asked for it listens only a turn later:
 * a server that ends it in the very packet that says it is ready would end the process (pitfall 27).
 */
export function hearBrokenConnections(dataSource: DataSource): () => void {
  const { master } = dataSource.driver as unknown as PostgresDriver;
  master.on('connect', listen);
  return () => master.removeListener('connect', listen);
}

/**
 * A connection to the primary, out of the pool of TypeORM's driver.
 *
 * @param isNamed Which statements are named, so that each connection parses them once and soon plans them without a look
 *   at their values. A proxy that changes the connection between transactions may not allow any.
 */
export async function leasePostgres(
  dataSource: DataSource,
  isNamed: (text: string) => boolean,
): Promise<Lease> {
  const [client, giveBack] = await (dataSource.driver as unknown as PostgresDriver).obtainMasterConnection();
  // A connection that breaks while it is ours tells so twice: to the query, and as an event that must be heard.
  client.on('error', ignore);
  const done = (error?: Error): void => {
    client.removeListener('error', ignore);
    giveBack(error);
  };
  return {
    run: async (text, values) => {
      const name = isNamed(text) ? { name: statementName(text) } : {};
      const { rows, rowCount } = await client.query({ ...name, text, values, rowMode: 'array' });
      return { rows, affected: rowCount ?? 0, info: '' };
    },
    say: (text) => client.query({ text, rowMode: 'array' }),
    release: () => done(),
    destroy: () => {
      // The pool ends a connection politely; one that hangs has to be cut.
      (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
      giveBack(new Error('The lockout store gave up on this connection'));
    },
    isAnswer: (error) => isServerError(error),
  };
}

const names = new Map<string, string>();

/** The same name for the same text in every process; different texts never share one. */
function statementName(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `lockout_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
    names.set(text, name);
  }
  return name;
}

/** Errors of the server have a five-character state; FATAL ones come with the end of the connection. */
function isServerError(error: unknown): boolean {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && code.length === 5 && severity === 'ERROR';
}
