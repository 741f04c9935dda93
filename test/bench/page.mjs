import { BOUND } from './bound.mjs';
import { CALLERS } from './contest.mjs';
import { PEERS } from './peers/catalogue.mjs';
import { POOL_SIZE } from './servers.mjs';
import { ACCOUNTS } from './subjects.mjs';
import { factsText, tableText, targetsText } from './table.mjs';

const accounts = ACCOUNTS.toLocaleString('en');

/** @param {readonly string[]} lines */
const paragraph = (...lines) => lines.join('\n');

const REMARKS = [
  paragraph(
    '- **The peers do less.** When the password is right and nobody failed before, the recipe of rate-limiter-flexible,',
    '  the hand-written pattern and the atomic `UPDATE` only read (an `UPDATE` to the values that stand already writes',
    '  nothing). A lockout that holds under parallel guesses has to write before it verifies, and again when it knows the',
    `  outcome: the tables of parallel guesses show what leaving that out costs where ${BOUND} failures lock. The hand-written`,
    '  ones also watch one limit (the account) where the others watch two, and none of the peers keeps an audit record.',
  ),
  paragraph(
    '- **The same accounts come back sooner than they would.** At thousands of decisions a second over so few accounts a',
    '  record is often still in memory (`cacheMs`, at most one second). The row `cacheMs: 0` is the same library without.',
  ),
  paragraph(
    '- **@nestjs/throttler** keeps its counts in this process: they do not survive it, are not shared, and count right',
    '  passwords like wrong ones. It is asked here for the account and for the address (its default is the address alone)',
    '  and is in the tables for scale; no target compares with it.',
  ),
  paragraph(
    '- **express-brute** has no maintained SQL store. The one here was written after its documented interface, one prepared',
    '  statement a call, which is less than any published store needs.',
  ),
  paragraph(
    '- **SQLite** has one writer and waits for the disk at every commit; drivers block the event loop meanwhile. TypeORM has',
    '  one connection, so concurrent `save` calls of the hand-written pattern run in one another’s transactions.',
  ),
  paragraph(
    '- **Everything runs on one machine**: the callers, the library and the server share its cores, so a peer that keeps the',
    '  server busy also slows its own caller. Elsewhere the absolute numbers are different; compare the ratios.',
  ),
  paragraph(
    '- **Bytes a row** are of the packed table with all its indexes. The hand-written patterns have their two columns in the',
    '  row of the user, which is counted whole. Ours holds what administrators ask for (who, from where, since when) and the',
    '  indexes to find it by.',
  ),
  paragraph(
    '- **The edge** is measured in one process together with its HTTP client: only the difference means something.',
  ),
];

/** @param {import('./report.mjs').Report} report */
function preface({ plan, machine, servers, versions, date, command }) {
  const { cpu, cores, memoryGb, os, node, syncUs } = machine;
  return [
    paragraph(
      'One login decision, on three paths: the password is right, the password is wrong, the account is locked already. One',
      'decision is all of it but the password: ask (or charge), verify, settle. The check of the password is stubbed and',
      'answers at once, for everybody.',
    ),
    paragraph(
      'All between the two marks is written by `npm run bench -- --write`. `npm run bench -- --json FILE` keeps the numbers, and',
      '`npm run bench -- --compare A.json B.json` tells whether two runs agree on who is ahead wherever a ratio is more than',
      '15 % away from 1. `--quick` takes a fraction of the time and is for looking, not for publishing.',
    ),
    '## How to read it',
    paragraph(
      `- ${CALLERS} callers decide one attempt after the other over ${accounts} accounts, each of which signs in from an`,
      '  address of its own. Every peer gets the same accounts in the same order, a fresh database, and a pool of',
      `  ${POOL_SIZE} connections.`,
      `- ${plan.rounds} rounds (${Math.min(plan.rounds, plan.roundsOfThree)} with three limits) of ${plan.ms} ms (${plan.lockedMs} ms where accounts are locked: longer than`,
      '  a record stays in memory) after one that does not count. In each round every',
      '  peer runs once, one after the other, and each round begins with another one. A cell is the median of the rounds and, in',
      '  brackets, the least and the most. Where the rounds do not settle who is ahead, up to four times as many are run; and',
      '  those lines, with all whose ratio is between 0.7 and 1.4, are measured again minutes later, on a server that was',
      '  started anew, and what is open then once more. “open”: all these rounds together do not say who is ahead.',
      '- “Ours is better” is the ratio within a round, so that what slowed a round slowed both: ×2 is twice the decisions or',
      '  half the time.',
      '- Two limits are by account and by address; three also by account and address together. The thresholds are out of reach',
      `  but where accounts are to be locked.`,
      '- “raw” rows are no peers: one prepared statement on the same server, the most that it can do.',
      '- “One after the other” has a single caller: the median time of its decisions.',
    ),
    '## Where it ran',
    paragraph(
      `- ${date}, \`${command}\``,
      `- ${cpu}, ${cores} cores, ${memoryGb} GB; ${os}; Node.js ${node}; a durable write of 4 kB takes ${syncUs} µs`,
      ...servers.map(({ title, version, settings }) => `- ${title} ${version}: ${settings}`),
      `- ${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}`,
    ),
    '## The peers',
    PEERS.filter(({ limit }) => !limit)
      .map(({ title, remark }) => `- ${title}: ${remark}`)
      .join('\n'),
  ];
}

const BEGIN = '<!-- generated: npm run bench -- --write -->';
const END = '<!-- /generated -->';

/** @param {import('./report.mjs').Report} report */
function generated(report) {
  const { servers, tables, facts, targets } = report;
  /** @param {string | null} name */
  const sectionsOf = (name) => [
    ...tables
      .filter(({ server }) => server === name)
      .flatMap((table) => [`### ${table.title}`, tableText(table, false)]),
    ...facts
      .filter(({ server }) => server === name)
      .flatMap((found) => [`### ${found.title}`, factsText(found, false)]),
  ];
  const missed = targets.filter(({ met }) => !met).length;
  return [
    ...preface(report),
    '## Targets',
    missed === 0 ? 'All are met.' : `${missed} of ${targets.length} are missed.`,
    targetsText(targets, false),
    '## Remarks',
    REMARKS.join('\n'),
    ...servers.flatMap(({ name, title }) => [`## ${title}`, ...sectionsOf(name)]),
    ...(facts.some(({ server }) => server === null) ? ['## The edge', ...sectionsOf(null)] : []),
  ].join('\n\n');
}

/**
 * The page of the documentation: what stands outside the marks in the present one stays.
 *
 * @param {import('./report.mjs').Report} report
 * @param {string} [present]
 */
export function page(report, present = `# Benchmarks\n\n${BEGIN}\n${END}\n`) {
  const [before, rest = ''] = present.split(BEGIN);
  const [, after = '\n'] = rest.split(END);
  return `${before}${BEGIN}\n\n${generated(report)}\n\n${END}${after}`;
}
