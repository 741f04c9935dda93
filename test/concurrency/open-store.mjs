// The store of one process of a crowd: where the records are comes as JSON, without entities and driver.

/** A crowd is about who wins a race, not about how long a machine that does much else takes to run it. */
const PATIENT = { statementTimeoutMs: 10_000 };

const openTypeorm = async (options) => {
  const { DataSource } = await import('typeorm');
  const { lockoutEntities, TypeormLockoutStore } = await import('nestjs-lockout/typeorm');
  const connected = await new DataSource({
    ...options,
    ...(options.type === 'better-sqlite3' ? { driver: (await import('libsql')).default } : {}),
    entities: lockoutEntities(options.type),
  }).initialize();
  const opened = new TypeormLockoutStore(connected, PATIENT);
  await opened.init();
  return { store: opened, close: () => connected.destroy() };
};

const openRedis = async (urls) => {
  const { Cluster, Redis } = await import('ioredis');
  const { RedisLockoutStore } = await import('nestjs-lockout/redis');
  const client = urls.length > 1 ? new Cluster(urls) : new Redis(urls[0]);
  const opened = new RedisLockoutStore(client, { ...PATIENT, onWarning: () => {} });
  await opened.init();
  return { store: opened, close: () => opened.close().then(() => client.disconnect()) };
};

export const openStore = ({ dataSource, redis }) => (redis ? openRedis(redis) : openTypeorm(dataSource));
