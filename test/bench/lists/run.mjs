// How long administrators wait for their lists, and whether each walks an index.
// node test/bench/lists/run.mjs [--server mariadb|postgres] [--rows 1000000] [--locks 50000] [--json FILE] [--only-console]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine, versions } from '../report.mjs';
import { startServer } from '../servers.mjs';
import { listsOf } from './lists.mjs';
import { listsText, misses } from './lists-text.mjs';

/** @type {readonly import('../servers.mjs').ServerName[]} */
const SERVERS = ['mariadb', 'postgres'];

const { values } = parseArgs({
  options: {
    server: { type: 'string', default: 'all' },
    rows: { type: 'string', default: '1000000' },
    locks: { type: 'string', default: '50000' },
    json: { type: 'string' },
    'only-console': { type: 'boolean', default: false },
  },
});
const shares = { rows: Number(values.rows), locks: Number(values.locks) };
const names = SERVERS.filter((name) => values.server === 'all' || values.server === name);
const isWhole = Object.values(shares).every((count) => Number.isSafeInteger(count));
if (
  names.length === 0 ||
  !isWhole ||
  shares.rows < 20_000 ||
  shares.locks < 500 ||
  shares.locks > shares.rows
) {
  console.error(`--server ${SERVERS.join('|')}, --rows of at least 20 000, --locks of at least 500`);
  process.exit(2);
}

const results = [];
for (const name of names) {
  const server = await startServer(name);
  try {
    const say = (/** @type {string} */ step) => console.error(`${server.title}: ${step}`);
    const lists = await listsOf(server, shares, say, values['only-console']);
    results.push(lists);
    console.log(listsText(lists));
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
    ...shares,
    results,
  };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exitCode = missed.length > 0 ? 1 : 0;
