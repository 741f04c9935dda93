// One process that prunes: started by pruning.mjs with the database as JSON; each line on standard input is for how many
// milliseconds, each line on standard output what came of it.
import { createInterface } from 'node:readline';
import { LockoutEngine } from 'nestjs-lockout';
import { openStore } from './database.mjs';
import { POLICIES, SECRET } from './population.mjs';
import { pruneFor } from './prune-for.mjs';

const { store, close } = await openStore(JSON.parse(process.argv[2] ?? ''));
const engine = new LockoutEngine({ store, secrets: [SECRET], policies: POLICIES });
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await pruneFor(engine, Number(line))));
}
await close();
