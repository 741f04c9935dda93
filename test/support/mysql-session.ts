import type { DataSource } from 'typeorm';

interface MysqlConnection {
  query(sql: string): void;
  execute(options: { readonly sql: string }, ...rest: unknown[]): unknown;
  release(): void;
  destroy(): void;
}

interface MysqlDriver {
  readonly pool: { on(event: 'connection', listener: (connection: MysqlConnection) => void): void };
  obtainMasterConnection(): Promise<MysqlConnection>;
}

const driverOf = (dataSource: DataSource): MysqlDriver => dataSource.driver as unknown as MysqlDriver;

/** Every session of this pool begins with these statements, as a server's `init_connect` or an application has it. */
export async function beginSessionsWith(
  dataSource: DataSource,
  statements: readonly string[],
): Promise<void> {
  const driver = driverOf(dataSource);
  driver.pool.on('connection', (connection) => {
    for (const sql of statements) connection.query(sql);
  });
  // The one that TypeORM opened to look at the server came before.
  const first = await driver.obtainMasterConnection();
  first.destroy();
}

/** The texts of the prepared statements that the pool is asked for from now on. */
export function statementsOf(dataSource: DataSource): readonly string[] {
  const driver = driverOf(dataSource);
  const obtain = driver.obtainMasterConnection.bind(driver);
  const texts: string[] = [];
  const watched = new WeakSet<MysqlConnection>();
  driver.obtainMasterConnection = async () => {
    const connection = await obtain();
    if (watched.has(connection)) return connection;
    watched.add(connection);
    const execute = connection.execute.bind(connection);
    connection.execute = (options, ...rest) => {
      texts.push(options.sql);
      return execute(options, ...rest);
    };
    return connection;
  };
  return texts;
}
