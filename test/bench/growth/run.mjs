// How the store grows: bytes a row, lookups, administrators' lists, and pruning while people sign in.
// node --expose-gc test/bench/growth/run.mjs [--server mariadb|postgres|sqlite] [--keys 1000000] [--json FILE]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine, versions } from '../report.mjs';
import { SERVER_NAMES, startServer } from '../servers.mjs';
import { growthOf } from './growth.mjs';
import { growthText, misses } from './growth-text.mjs';

const { values } = parseArgs({
  options: {
    server: { type: 'string', default: 'all' },
    keys: { type: 'string', default: '1000000' },
    json: { type: 'string' },
  },
});
const keys = Number(values.keys);
const names = SERVER_NAMES.filter((name) => values.server === 'all' || values.server === name);
if (names.length === 0 || !Number.isSafeInteger(keys) || keys < 10_000) {
  console.error(`--server ${SERVER_NAMES.join('|')}, --keys of at least 10 000`);
  process.exit(2);
}

const results = [];
for (const name of names) {
  const server = await startServer(name);
  try {
    const growth = await growthOf(server, keys, (step) => console.error(`${server.title}: ${step}`));
    results.push(growth);
    console.log(growthText(growth));
  } finally {
    await server.stop();
  }
}
const missed = results.flatMap(misses);
for (const miss of missed) console.log(`missed: ${miss}`);
if (values.json) {
  const report = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    versions: versions(),
    keys,
    results,
  };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = missed.length > 0 ? 1 : 0;
