// One process that prunes, on the built package. Started by pruning.spec.ts with one JSON argument; prints `ready`; for
// each line on standard input it prunes until nothing is left, and prints a JSON report.

import { createInterface } from 'node:readline';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { lockoutEntities, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { DataSource } from 'typeorm';

const { dataSource: options, secret, policies } = JSON.parse(process.argv[2]);
const dataSource = new DataSource({
  ...options,
  ...(options.type === 'better-sqlite3' ? { driver: (await import('libsql')).default } : {}),
  entities: lockoutEntities(options.type),
});
await dataSource.initialize();
// What takes long on a machine that does much else is no failure here.
const store = new TypeormLockoutStore(dataSource, { statementTimeoutMs: 10_000 });
await store.init();
const engine = new LockoutEngine({ store, secrets: [secret], policies: definePolicies(policies) });

/** Whether there is anything left that could be pruned. */
const isLeft = async () => {
  const { now } = await store.load([]);
  return (await store.outlived(now - minutes(10), 1)).length > 0;
};

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  const report = { pruned: 0, failed: 0 };
  while (await isLeft()) {
    try {
      const { pruned } = await engine.sweeper.catchUp(engine.options.clock);
      report.pruned += pruned;
    } catch (error) {
      report.failed += 1;
      console.error(error);
    }
  }
  console.log(JSON.stringify(report));
}
await dataSource.destroy();
