import type { Actor } from '../policy/index.js';
import { agreedChange } from './agreed-change.js';
import type { TypedChange } from './change-options.js';
import { CommandProblem } from './command-problem.js';
import type { TypedOutput } from './console-session.js';
import { lockEndAt, readLockEnd } from './lock-end.js';
import { printable } from './printable.js';
import { readAccounts, type TypedSubject } from './subjects.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { endText } from './time-text.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedLock extends TypedAccess, TypedOutput, TypedSubject, TypedChange {
  readonly until?: string;
}

/** Refuses every method of an account until then. */
export async function runLock(
  name: string,
  typed: TypedLock,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const { terminal } = place;
  const problems: string[] = [];
  const [account] = readAccounts([name], typed, problems);
  if (typed.until === undefined)
    problems.push('Until when? --until 2h, --until 2030-01-31T12:00:00Z, or --until indefinite.');
  const end = readLockEnd(typed.until ?? 'indefinite', problems);
  if (problems.length > 0 || !account) throw new CommandProblem(problems, EXIT.usage);
  const access = readAccess(typed, terminal.environment);
  return agreedChange(access, typed, place, async (session) => {
    const { source, paint } = session;
    const now = end.kind === 'indefinite' ? terminal.now() : await source.now();
    const until = lockEndAt(end, now);
    const what = `${printable(name, 120)} ${until === null ? endText(null, now) : `until ${endText(until, now)}`}`;
    if (typed.yes !== true)
      session.remark(
        `At ${printable(source.place, 200)}, every sign-in is to be refused to ${paint('strong', what)}.`,
      );
    const make = async (actor: Actor): Promise<ExitCode> => {
      const answer = await source.lockAccount(account, until, actor);
      session.tell(answer, () => paint('locked', `Locked ${what}.`));
      return EXIT.done;
    };
    return { question: 'Lock?', make };
  });
}
