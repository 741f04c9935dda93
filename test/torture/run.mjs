// `npm run torture [-- --minutes 5] [--server mariadb|postgres|redis|sqlite] [--seed N] [--flaw NAME]`
//
// Four processes (on SQLite one) sign people in on a server of this run's own, durable as in production, while processes
// and the server are killed and come back, connections are cut, answers are lost, rows are held so that deadlocks come
// of it, and two of the wall clocks are wrong. What the processes report of each step, before they take it, is held
// against what the library promises. Prints totals, the history of each key where a promise was broken, and the seed:
// with it policies, visitors and faults are the same again; how they fall in time is the machine's.
//
// `npm run torture -- --deliveries 1000 [--server …] [--seed N] [--flaw late-row|no-lanes]`
//
// Three processes write events and deliver them to an HTTP receiver; in each of so many rounds one of them is killed at a
// step between a swap and the end of its delivery. Without --server all of them, a share of the rounds each.
//
// Ends with 1 if a promise was broken. With a flaw built into the store the run ends as soon as that is found, and 1 is
// what it should end with.
import { parseArgs } from 'node:util';
import { deliveries } from './deliveries.mjs';
import { OUTBOX_FLAWS } from './flawed-outbox.mjs';
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
    server: { type: 'string' },
    deliveries: { type: 'string' },
    // An empty database for --deliveries, as JSON; else a server is started.
    connection: { type: 'string' },
    seed: { type: 'string' },
    flaw: { type: 'string' },
    visitors: { type: 'string', default: '24' },
    'storm-seconds': { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = values.deliveries === undefined ? null : Number(values.deliveries);
const known = rounds === null ? FLAWS : OUTBOX_FLAWS;
const defaultServer = values.flaw !== undefined && rounds !== null ? 'sqlite' : 'mariadb';
const servers =
  values.server === undefined && rounds !== null && !values.flaw ? SERVERS : [values.server ?? defaultServer];
for (const server of servers)
  if (!SERVERS.includes(server)) throw new Error(`--server ${server}: one of ${SERVERS.join(', ')}`);
if (values.flaw !== undefined && !known.includes(values.flaw))
  throw new Error(`--flaw ${values.flaw}: one of ${known.join(', ')}`);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const seconds = Number(values.minutes) * 60;
const flaw = values.flaw ?? null;

for (const [n, server] of servers.entries()) {
  const report =
    rounds === null
      ? await torture({
          server,
          seed,
          seconds,
          flaw,
          visitors: Number(values.visitors),
          stormMs: Number(values['storm-seconds']) * 1_000,
        })
      : await deliveries({
          server,
          seed,
          // Together they are as many as were asked for.
          rounds: Math.floor((rounds * (n + 1)) / servers.length) - Math.floor((rounds * n) / servers.length),
          flaw,
          connection: values.connection === undefined ? null : JSON.parse(values.connection),
        });
  if (values.json) console.log(JSON.stringify(report));
  else print(report);
  if (report.violations.length > 0) process.exitCode = 1;
}

function print({ server: name, seconds: took, totals, reasons, violations }) {
  console.log(`${name}, ${took} s${flaw ? `, with a flaw: ${flaw}` : ''}`);
  for (const [what, count] of Object.entries(totals)) console.log(`  ${what.padEnd(22)} ${count}`);
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
