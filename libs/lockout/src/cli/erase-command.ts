import { confirmed, readActor, requireYes, type TypedChange } from './change-options.js';
import { CommandProblem } from './command-problem.js';
import { type TypedOutput, withSource } from './console-session.js';
import { counted } from './plain-number.js';
import { printable } from './printable.js';
import { readAccounts, type TypedSubject } from './subjects.js';
import { EXIT, type ExitCode, isAttended, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedErase extends TypedAccess, TypedOutput, TypedSubject, TypedChange {}

/** Takes an account out of everything that is kept of it. */
export async function runErase(
  name: string,
  typed: TypedErase,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const { terminal } = place;
  const problems: string[] = [];
  const [account] = readAccounts([name], typed, problems);
  if (problems.length > 0 || !account) throw new CommandProblem(problems, EXIT.usage);
  const access = readAccess(typed, terminal.environment);
  requireYes(typed, terminal);
  const early = isAttended(terminal) ? null : await readActor(typed, access, terminal);
  return withSource(access, typed, place, async (session) => {
    const { source, paint } = session;
    const shown = printable(name, 400);
    if (typed.yes !== true)
      session.remark(
        `At ${printable(source.place, 200)}, ${paint('strong', shown)} is to be taken out of everything that is kept. Nothing brings it back.`,
      );
    const actor = early ?? (await readActor(typed, source, terminal));
    if (!(await confirmed('Erase?', typed, terminal, shown))) {
      session.remark('Nothing was changed.');
      return EXIT.nothing;
    }
    const answer = await source.eraseAccount(account, name, actor);
    session.tell(answer, () =>
      answer.changed
        ? `Erased ${shown}, out of ${counted(answer.events, 'event')}.`
        : `${shown}: nothing is kept of it. Nothing was changed.`,
    );
    return answer.changed ? EXIT.done : EXIT.nothing;
  });
}
