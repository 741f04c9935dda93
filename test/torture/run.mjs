// `npm run torture [-- --minutes 5] [--server mariadb|postgres|redis|sqlite] [--seed N] [--flaw NAME]`
//
// Four processes (on SQLite one) sign people in on a server of this run's own, durable as in production, while processes
// and the server are killed and come back, connections are cut, answers are lost, rows are held so that deadlocks come
// of it, and two of the wall clocks are wrong. What the processes report of each step, before they take it, is held
// against what the library promises. Prints totals, the history of each key where a promise was broken, and the seed:
// with it policies, visitors and faults are the same again; how they fall in time is the machine's.
//
// Ends with 1 if a promise was broken. With a flaw built into the store the run ends as soon as that is found, and 1 is
// what it should end with.
import { parseArgs } from 'node:util';
import { FLAWS } from './flawed-store.mjs';
import { SERVERS } from './target.mjs';
import { torture } from './torture.mjs';

/** Violations whose whole history is shown; the others are only named. */
const SHOWN = 3;
/** Reasons of attempts that were told "unavailable", the most frequent first. */
const REASONS = 12;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    server: { type: 'string', default: 'mariadb' },
    seed: { type: 'string' },
    flaw: { type: 'string' },
    visitors: { type: 'string', default: '24' },
    'storm-seconds': { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
});
const { server } = values;
if (!SERVERS.includes(server)) throw new Error(`--server ${server}: one of ${SERVERS.join(', ')}`);
if (values.flaw !== undefined && !FLAWS.includes(values.flaw))
  throw new Error(`--flaw ${values.flaw}: one of ${FLAWS.join(', ')}`);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const seconds = Number(values.minutes) * 60;
const flaw = values.flaw ?? null;

const report = await torture({
  server,
  seed,
  seconds,
  flaw,
  visitors: Number(values.visitors),
  stormMs: Number(values['storm-seconds']) * 1_000,
});
if (values.json) console.log(JSON.stringify(report));
else print(report);
process.exitCode = report.violations.length > 0 ? 1 : 0;

function print({ server: name, seconds: took, totals, reasons, violations }) {
  console.log(`${name}, ${took} s${flaw ? `, with a flaw: ${flaw}` : ''}`);
  for (const [what, count] of Object.entries(totals)) console.log(`  ${what.padEnd(18)} ${count}`);
  const often = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  if (often.length > 0) console.log('\nUnavailable, because:');
  for (const [why, count] of often.slice(0, REASONS)) console.log(`  ${String(count).padStart(6)}  ${why}`);
  for (const [n, { promise, what, account }] of violations.entries()) {
    console.log(`\nBroken: ${promise}\n  ${what}`);
    if (n < SHOWN) console.log(account.replaceAll(/^/gm, '    '));
  }
  console.log(
    `\n${violations.length} violations. The same policies, visitors and faults again: --seed ${seed}`,
  );
}
