import Table from 'cli-table3';
import type { LockRow } from '../policy/index.js';
import { durationText } from './moment-text.js';
import { count, counted } from './plain-number.js';
import { printable, printableJson } from './printable.js';
import type { Simulation } from './simulation.js';
import { summarySentences } from './summary-sentences.js';

const MEBIBYTE = 1024 * 1024;
/** No colours: what is printed is also what is piped into a file. */
const STYLE = { head: [], border: [] } as const;

type Align = 'left' | 'right';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const aligns = head.map((_, column): Align => (column === 0 ? 'left' : 'right'));
  const drawn = new Table({
    head: [...head],
    colAligns: aligns,
    style: { head: [...STYLE.head], border: [...STYLE.border] },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}

const lockedFor = ({ lockedMs, indefinite }: LockRow): string =>
  [lockedMs > 0 ? durationText(lockedMs) : null, indefinite > 0 ? 'no end' : null]
    .filter((part) => part !== null)
    .join(' + ');

function rowsTable(first: string, rows: readonly LockRow[]): string {
  return table(
    [first, 'locks', 'locked for', 'attempts', 'refused', 'owner turned away'],
    rows.map((row) => [
      printable(row.realm === 'default' ? row.subject : `${row.subject} (${row.realm})`, 44),
      count(row.locks),
      lockedFor(row),
      count(row.attempts),
      count(row.refused),
      count(row.turnedAway),
    ]),
  );
}

/** The summary as it is printed. */
export function summaryText(simulation: Simulation): string {
  const { report, reading, warnings, effort } = simulation;
  const parts = [
    summarySentences(simulation)
      .map((sentence) => printable(sentence, 2000))
      .join('\n'),
  ];
  if (report.policies.length > 0) {
    parts.push(
      table(
        ['policy', 'locks', 'longest', 'without end', 'refused'],
        report.policies.map(({ policy, locks, longestMs, indefinite, refused }) => [
          policy,
          count(locks),
          longestMs > 0 ? durationText(longestMs) : '–',
          count(indefinite),
          count(refused),
        ]),
      ),
    );
  }
  if (report.topAccounts.length > 0) parts.push(`Most locked\n${rowsTable('account', report.topAccounts)}`);
  if (report.topOthers.length > 0)
    parts.push(`Most locked, whoever signs in\n${rowsTable('subject', report.topOthers)}`);
  if (warnings.length > 0) {
    const lines = warnings.map(
      ({ id, policy, path, message, hint }) =>
        `  ${id} ${policy === null ? '' : `${policy}: `}${path} ${message} (${hint})`,
    );
    parts.push(`What to look at\n${lines.join('\n')}`);
  }
  if (reading.bad > 0) {
    const lines = reading.firstBad.map(({ line, problem }) => `  line ${line} ${problem}`);
    const more = reading.bad - reading.firstBad.length;
    parts.push(`Lines left out\n${lines.join('\n')}${more > 0 ? `\n  and ${count(more)} more` : ''}`);
  }
  parts.push(
    `${counted(report.attempts.all, 'attempt')} in ${durationText(effort.elapsedMs)}: ${count(effort.attemptsPerSecond)} a second, at most ${counted(effort.peakKeys, 'key')} alive at once, ${count(Math.round(effort.peakMemory / MEBIBYTE))} MiB at most.`,
  );
  return `${parts.join('\n\n')}\n`;
}

/** The same as JSON, for programs. */
export function summaryJson(simulation: Simulation): string {
  const { reading } = simulation;
  const plain = { ...simulation, reading: { ...reading, methods: Object.fromEntries(reading.methods) } };
  return `${printableJson(plain)}\n`;
}
