// One process that takes quotas, on the built package. Started by quota-race.spec.ts with one JSON argument; prints
// `ready`; for each line on standard input, an id, it takes until it is refused, many at once, and prints how many it got.

import { createInterface } from 'node:readline';
import { lockoutEntities, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { DataSource } from 'typeorm';

const { dataSource: options, limit, windowMs, lanes } = JSON.parse(process.argv[2]);
const dataSource = new DataSource({
  ...options,
  ...(options.type === 'better-sqlite3' ? { driver: (await import('libsql')).default } : {}),
  entities: lockoutEntities(options.type),
});
await dataSource.initialize();
const store = new TypeormLockoutStore(dataSource, { statementTimeoutMs: 10_000 });
await store.init();

async function taken(id) {
  let count = 0;
  while (await store.takeQuota(id, limit, windowMs)) count += 1;
  return count;
}

console.log('ready');
for await (const id of createInterface({ input: process.stdin })) {
  const counts = await Promise.all(Array.from({ length: lanes }, () => taken(id)));
  console.log(JSON.stringify(counts.reduce((sum, count) => sum + count, 0)));
}
await store.close();
await dataSource.destroy();
