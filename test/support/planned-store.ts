import type { TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import type { DataSource } from 'typeorm';
import { type DatabaseServer, serversOf } from './databases.js';
import type { Family } from './statement-plan.mjs';
import { migratedDatabase, openStore } from './typeorm-store.js';

/** A server that tells how it answered a statement. */
export interface PlannedServer {
  readonly name: string;
  readonly family: Family;
  readonly server: DatabaseServer;
}

export const plannedServers: readonly PlannedServer[] = serversOf('MariaDB', 'PostgreSQL').map((server) => ({
  server,
  name: server.name,
  family: server.name === 'MariaDB' ? 'mariadb' : 'postgres',
}));

export interface PlannedStore {
  readonly store: TypeormLockoutStore;
  readonly dataSource: DataSource;
  readonly close: () => Promise<void>;
}

/** A store on a new database, which `close` drops. */
export async function openPlanned(
  { server, family }: PlannedServer,
  clock: () => number,
): Promise<PlannedStore> {
  const database = await migratedDatabase(server);
  // A table of a test is so small that PostgreSQL may well read it whole: here it may only where no index serves.
  const extra = family === 'postgres' ? { extra: { options: '-c enable_seqscan=off' } } : {};
  const options = { clock, statementTimeoutMs: 20_000 };
  const { store, dataSource, close } = await openStore(database.options, options, extra);
  return {
    store,
    dataSource,
    close: async () => {
      await close();
      await database.drop();
    },
  };
}
