import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AddressListError } from '../key/index.js';
import { CommandProblem } from './command-problem.js';
import { LogAddresses } from './log-addresses.js';
import { COLUMN_FIELDS } from './log-columns.js';
import { LOGGED_OUTCOMES, type LoggedOutcome, outcomeWord } from './log-outcome.js';
import { listed } from './plain-number.js';
import { fileChoice, type PolicyChoice, PRESET_NAMES, presetChoice } from './policy-choice.js';
import { printable } from './printable.js';
import { EXIT } from './terminal.js';

/** Options as they were typed: a value, `true` where the value is missing. */
export interface TypedOptions {
  readonly preset?: string | true;
  readonly policies?: string | true;
  readonly report?: string | true;
  readonly top?: string | true;
  readonly columns?: string | true;
  readonly outcomes?: string | true;
  readonly delimiter?: string | true;
  readonly tolerance?: string | true;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly progress?: boolean;
  readonly quotes?: boolean;
}

export interface SimulateOptions {
  /** A path, or `-` for the standard input. */
  readonly log: string;
  readonly choice: PolicyChoice;
  readonly addresses: LogAddresses;
  /** Where to write the page; null: nowhere. */
  readonly report: string | null;
  readonly top: number;
  readonly json: boolean;
  readonly strict: boolean;
  readonly progress: boolean;
  readonly columns: ReadonlyMap<string, string>;
  readonly outcomes: ReadonlyMap<string, LoggedOutcome>;
  readonly delimiter: string;
  readonly quotes: boolean;
  readonly toleranceMs: number;
}

/** Options without a value. */
const SWITCHES: readonly string[] = ['json', 'strict', 'progress', 'quotes'];

const MAX_TOLERANCE_S = 24 * 60 * 60;

/**
 * Checks everything that was typed.
 * @param words what stands beside the options: the log, and whatever was not understood.
 * @throws CommandProblem with everything that is wrong.
 */
export function readOptions(typed: TypedOptions, words: readonly string[]): SimulateOptions {
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => {
      const isMissing = value === true && !SWITCHES.includes(name);
      if (isMissing) problems.push(`--${name} needs a value.`);
      return !isMissing;
    }),
  ) as { readonly [K in keyof TypedOptions]: Exclude<TypedOptions[K], true> };

  const log = readLog(words, problems);
  const choice = readChoice(typed, problems);
  const options: SimulateOptions = {
    log,
    choice,
    addresses: readAddresses(choice, problems),
    report: values.report === undefined ? null : readReport(values.report, log, problems),
    top: readNumber('top', values.top ?? '20', { min: 1, max: 1000, whole: true }, problems),
    json: typed.json === true,
    strict: typed.strict === true,
    progress: typed.progress !== false,
    columns: readPairs('columns', values.columns, COLUMN_FIELDS, problems),
    outcomes: readOutcomes(values.outcomes, problems),
    delimiter: readDelimiter(values.delimiter ?? ',', problems),
    quotes: typed.quotes !== false,
    toleranceMs:
      1000 *
      readNumber(
        'tolerance',
        values.tolerance ?? '5',
        { min: 0, max: MAX_TOLERANCE_S, whole: false },
        problems,
      ),
  };
  if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
  return options;
}

function readLog(words: readonly string[], problems: string[]): string {
  const unknown = words.filter((word) => word.startsWith('-') && word !== '-');
  const [log, ...more] = words.filter((word) => !unknown.includes(word));
  problems.push(...unknown.map((word) => `There is no option ${printable(word)}.`));
  if (more.length > 0)
    problems.push(`One log at a time: ${more.map((word) => printable(word)).join(', ')} is too much.`);
  if (log === undefined) {
    problems.push('Which log? Give the path of a CSV file, or - for the standard input.');
    return '-';
  }
  if (log === '-') return log;
  const found = statSync(log, { throwIfNoEntry: false });
  if (!found) problems.push(`${printable(log)}: there is no such file.`);
  else if (found.isDirectory()) problems.push(`${printable(log)} is a folder; give a CSV file.`);
  return log;
}

function readChoice({ preset, policies }: TypedOptions, problems: string[]): PolicyChoice {
  if ((preset === undefined) === (policies === undefined)) {
    const both = preset === undefined ? 'Which policies?' : 'Not both:';
    problems.push(`${both} --preset <${PRESET_NAMES.join('|')}>, or --policies <file.json>.`);
  }
  // Both are checked even if one is too much: everything that is wrong is told at once.
  const fromFile = typeof policies === 'string' ? fileChoice(policies, problems) : null;
  const fromPreset = typeof preset === 'string' ? presetChoice(preset, problems) : null;
  return fromFile ?? fromPreset ?? { title: '', policies: [] };
}

function readAddresses({ policies }: PolicyChoice, problems: string[]): LogAddresses {
  try {
    return new LogAddresses(policies);
  } catch (error) {
    if (!(error instanceof AddressListError)) throw error;
    problems.push(...error.problems.map((problem) => `--policies: exempt.addresses: ${problem}`));
    return new LogAddresses([]);
  }
}

function readReport(path: string, log: string, problems: string[]): string {
  const folder = dirname(resolve(path));
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    problems.push(`--report ${printable(path)}: there is no folder ${printable(folder)}.`);
  else if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    problems.push(`--report ${printable(path)} is a folder; give a file.`);
  else if (log !== '-' && existsSync(log) && existsSync(path) && realpathSync(log) === realpathSync(path))
    problems.push(`--report ${printable(path)} is the log itself; give another file.`);
  return path;
}

function readNumber(
  name: string,
  text: string,
  { min, max, whole }: { readonly min: number; readonly max: number; readonly whole: boolean },
  problems: string[],
): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number of seconds';
  problems.push(`--${name} ${printable(text)}: must be ${kind} from ${min} to ${max}.`);
  return min;
}

function readDelimiter(text: string, problems: string[]): string {
  const delimiter = text.toLowerCase() === 'tab' || text === '\\t' ? '\t' : text;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) {
    problems.push(`--delimiter ${JSON.stringify(printable(text))}: must be one character, or tab.`);
    return ',';
  }
  return delimiter;
}

/** `time=ts,account=user`. */
function readPairs(
  option: string,
  text: string | undefined,
  names: readonly string[] | null,
  problems: string[],
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of text === undefined ? [] : text.split(',')) {
    const split = pair.indexOf('=');
    const [name, value] = [pair.slice(0, Math.max(0, split)).trim(), pair.slice(split + 1).trim()];
    if (name === '' || value === '') {
      problems.push(`--${option} ${JSON.stringify(printable(pair))}: write it as name=value,name=value.`);
    } else if (names && !names.includes(name)) {
      problems.push(`--${option}: ${printable(name)} is none of ${listed(names, 'or')}.`);
    } else if (pairs.has(name)) problems.push(`--${option} says ${printable(name)} twice.`);
    else pairs.set(name, value);
  }
  return pairs;
}

function readOutcomes(text: string | undefined, problems: string[]): ReadonlyMap<string, LoggedOutcome> {
  const outcomes = new Map<string, LoggedOutcome>();
  for (const [word, meaning] of readPairs('outcomes', text, null, problems)) {
    const outcome = LOGGED_OUTCOMES.find((known) => known === meaning);
    if (outcome) outcomes.set(outcomeWord(word), outcome);
    else
      problems.push(
        `--outcomes ${printable(word)}=${printable(meaning)}: it must mean ${listed(LOGGED_OUTCOMES, 'or')}.`,
      );
  }
  return outcomes;
}
