import type { Actor } from '../policy/index.js';
import { CommandProblem } from './command-problem.js';
import { ask } from './question.js';
import type { ConsoleSource } from './source/console-source.js';
import { EXIT, isAttended, type Terminal } from './terminal.js';

/** The options of every change, as they were typed. */
export interface TypedChange {
  readonly reason?: string;
  readonly by?: string;
  readonly yes?: boolean;
}

/** What could forge a line of a log. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/** As the admin API takes them. */
const MAX = { reason: 500, by: 320 } as const;

/**
 * Who changes, and why; asked for where somebody sits there.
 * @throws {CommandProblem} for what is missing or cannot be recorded.
 */
export async function readActor(
  typed: TypedChange,
  { kind }: Pick<ConsoleSource, 'kind'>,
  terminal: Terminal,
): Promise<Actor> {
  const problems: string[] = [];
  const attended = isAttended(terminal);
  if (kind === 'api' && typed.by !== undefined)
    problems.push('--by is for --database: the API knows who you are.');
  const { environment } = terminal;
  const login = environment['SUDO_USER'] || environment['USER'] || environment['LOGNAME'] || '';
  let { by, reason } = typed;
  if (kind === 'store' && by === undefined) {
    if (attended)
      by =
        (await ask(terminal, `Who are you, for the record?${login === '' ? '' : ` [${login}]`} `)) || login;
    else problems.push('Who? --by <your name> is recorded with the change.');
  }
  if (reason === undefined) {
    if (attended) reason = await ask(terminal, 'Why, for the record? ');
    else problems.push('Why? --reason <text> is recorded with the change.');
  }
  if (by !== undefined) problems.push(...problemsOf('by', by));
  if (reason !== undefined) problems.push(...problemsOf('reason', reason));
  if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
  return { by: by ?? '', reason: reason ?? '' };
}

function problemsOf(name: keyof typeof MAX, text: string): readonly string[] {
  if (text.trim() === '') return [`--${name} must not be blank.`];
  if (text.length > MAX[name]) return [`--${name} must have at most ${MAX[name]} characters.`];
  return UNPRINTABLE.test(text) ? [`--${name} must not contain line breaks or control characters.`] : [];
}

/**
 * Asks before something is changed. `--yes` is asked nothing.
 * @returns whether to go on.
 * @throws {CommandProblem} nobody can be asked.
 */
export async function confirmed(
  question: string,
  typed: TypedChange,
  terminal: Terminal,
  words: string | null = null,
): Promise<boolean> {
  if (typed.yes === true) return true;
  requireYes(typed, terminal);
  const answer = await ask(terminal, words === null ? `${question} [y/N] ` : `${question} Type "${words}": `);
  return words === null ? /^y(es)?$/i.test(answer) : answer === words;
}

/** @throws {CommandProblem} nobody can be asked, and nobody said that it need not be. */
export function requireYes({ yes }: TypedChange, terminal: Terminal): void {
  if (yes === true || isAttended(terminal)) return;
  throw new CommandProblem(['Nobody sits here to be asked: --yes changes without a question.'], EXIT.usage);
}
