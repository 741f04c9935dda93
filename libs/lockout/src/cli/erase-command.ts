import type { Actor } from '../policy/index.js';
import { agreedChange } from './agreed-change.js';
import type { TypedChange } from './change-options.js';
import { CommandProblem } from './command-problem.js';
import type { TypedOutput } from './console-session.js';
import { counted } from './plain-number.js';
import { printable } from './printable.js';
import { readAccounts, type TypedSubject } from './subjects.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedErase extends TypedAccess, TypedOutput, TypedSubject, TypedChange {}

/** Takes an account out of everything that is kept of it. */
export async function runErase(
  name: string,
  typed: TypedErase,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const problems: string[] = [];
  const [account] = readAccounts([name], typed, problems);
  if (problems.length > 0 || !account) throw new CommandProblem(problems, EXIT.usage);
  const access = readAccess(typed, place.terminal.environment);
  return agreedChange(access, typed, place, async (session) => {
    const { source, paint } = session;
    const shown = printable(name, 400);
    if (typed.yes !== true)
      session.remark(
        `At ${printable(source.place, 200)}, ${paint('strong', shown)} is to be taken out of everything that is kept. Nothing brings it back.`,
      );
    const make = async (actor: Actor): Promise<ExitCode> => {
      const answer = await source.eraseAccount(account, name, actor);
      session.tell(answer, () =>
        answer.changed
          ? `Erased ${shown}, out of ${counted(answer.events, 'event')}.`
          : `${shown}: nothing is kept of it. Nothing was changed.`,
      );
      return answer.changed ? EXIT.done : EXIT.nothing;
    };
    return { question: 'Erase?', words: shown, make };
  });
}
