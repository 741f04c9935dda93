// Measures login decisions of this library and of its peers side by side, and prints the tables. See docs/benchmarks.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareReports } from './compare.mjs';
import { runEdge } from './edge.mjs';
import { lookAgain, measureServer } from './measure.mjs';
import { page } from './page.mjs';
import { PEERS } from './peers/catalogue.mjs';
import { FULL, QUICK } from './plan.mjs';
import { machine, versions } from './report.mjs';
import { isDoubtful, isOpen } from './rounds.mjs';
import { SERVER_NAMES, startServer } from './servers.mjs';
import { factsText, tableText, targetsText } from './table.mjs';
import { judge } from './targets.mjs';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');
const USAGE = `npm run bench -- [--server mariadb|postgres|sqlite|all] [--quick] [--rounds N] [--only PEER,…] [--no-edge]
               [--json FILE] [--write]
npm run bench -- --compare A.json B.json
npm run bench -- --page FILE.json

--write writes docs/benchmarks.md; --page writes it from an earlier run; --compare tells whether two runs agree on who is
ahead.

Peers: ${PEERS.filter(({ limit }) => !limit)
  .map(({ name }) => name)
  .join(', ')}.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'all' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    'no-edge': { type: 'boolean', default: false },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** @returns {Promise<import('./report.mjs').Report | null>} Null where there is nothing to measure. */
async function measureAll() {
  const plan = values.quick ? QUICK : FULL;
  const rounds = Number(values.rounds ?? plan.rounds);
  const only = values.only?.split(',');
  const peers = PEERS.filter(({ name, limit }) => !only || limit || only.includes(name));
  const names = SERVER_NAMES.filter((name) => values.server === 'all' || values.server === name);
  if (names.length === 0 || !Number.isInteger(rounds) || rounds < 1) return null;
  const servers = [];
  /** @type {import('./report.mjs').Table[]} */
  const tables = [];
  /** @type {import('./report.mjs').Facts[]} */
  const facts = [];
  /** @type {Partial<Record<import('./servers.mjs').ServerName, number | null>>} */
  const knownLocked = {};
  for (const name of names) {
    const server = await startServer(name);
    const { title, version, settings } = server;
    servers.push({ name, title, version, settings });
    console.log(`\n${title} ${version}: ${settings}`);
    try {
      await measureServer(
        server,
        peers,
        { ...plan, rounds },
        {
          table: (table) => {
            tables.push(table);
            console.log(`\n${title}: ${table.title}\n${tableText(table, true)}`);
          },
          facts: (found) => {
            facts.push(found);
            console.log(`\n${title}: ${found.title}\n${factsText(found, true)}`);
          },
          knownLocked: (statements) => {
            knownLocked[name] = statements;
          },
        },
      );
    } finally {
      await server.stop();
    }
  }
  // First at every line of which another look could say something else, then at what is left open.
  for (const isWanted of plan.quick ? [] : [isDoubtful, isOpen]) {
    for (const name of names) {
      const server = await startServer(name);
      try {
        await lookAgain(server, peers, { ...plan, rounds }, tables, isWanted, (table) => {
          tables.splice(
            tables.findIndex(({ id }) => id === table.id),
            1,
            table,
          );
          console.log(`\n${server.title}, all looks: ${table.title}\n${tableText(table, true)}`);
        });
      } finally {
        await server.stop();
      }
    }
  }
  if (!values['no-edge']) {
    const edge = await runEdge({ ...plan, rounds });
    facts.push(edge);
    console.log(`\n${edge.title}\n${factsText(edge, true)}`);
  }
  return {
    date: new Date().toISOString().slice(0, 10),
    command: command(),
    machine: machine(),
    versions: versions(),
    plan: { ...plan, rounds },
    servers,
    tables,
    facts,
    targets: judge(tables, facts, knownLocked),
  };
}

/** @param {string} file @returns {import('./report.mjs').Report} */
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @param {import('./report.mjs').Report} report */
const writePage = (report) =>
  writeFileSync(PAGE, existsSync(PAGE) ? page(report, readFileSync(PAGE, 'utf8')) : page(report));

/** As somebody else would repeat it. */
function command() {
  const words = Object.entries(values).flatMap(([name, value]) => {
    if (value === false || name === 'json' || name === 'write' || (name === 'server' && value === 'all'))
      return [];
    return value === true ? [`--${name}`] : [`--${name}`, String(value)];
  });
  return ['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
}

/** @returns {Promise<boolean>} Whether all is as it should be. */
async function main() {
  const [first, second] = positionals;
  if (values.compare && first && second) return compareReports(first, second);
  if (values.page && first) {
    writePage(read(first));
    return true;
  }
  if (values.help || positionals.length > 0) {
    console.log(USAGE);
    return values.help;
  }
  const report = await measureAll();
  if (!report) {
    console.error(USAGE);
    return false;
  }
  const missed = report.targets.filter(({ met }) => !met);
  console.log(`\n${targetsText(report.targets, true)}`);
  console.log(`\n${report.targets.length} targets, ${missed.length} missed.`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.write) writePage(report);
  return missed.length === 0;
}

// A server keeps its process alive; waiting for a lockout decision alone does not, and SQLite has no connection that would.
const alive = setInterval(() => {}, 60_000);
process.exitCode = (await main()) ? 0 : 1;
clearInterval(alive);
