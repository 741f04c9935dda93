import { CommandProblem } from './command-problem.js';
import { type TypedOutput, withSource } from './console-session.js';
import { eventsText } from './events-text.js';
import { STANDARD_OUTPUT, writeExport } from './export-file.js';
import { followedPages } from './followed-pages.js';
import { type TypedPage, tellMore } from './list-command.js';
import { counted } from './plain-number.js';
import { printable } from './printable.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedEvents extends TypedAccess, TypedOutput, TypedPage {
  readonly realm?: string;
  readonly unknown?: boolean;
  readonly address?: string;
  readonly type?: string;
  /** A file, or `-`. */
  readonly export?: string;
  readonly from?: string;
}

/** Tells what happened, latest first. */
export async function runEvents(
  account: string | undefined,
  typed: TypedEvents,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const { realm, unknown = false, address, type, limit, cursor: from, all = false } = typed;
  if (unknown && account === undefined)
    throw new CommandProblem(['--unknown says something about an account: name one.'], EXIT.usage);
  const problems = exportProblems(typed);
  if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
  const access = readAccess(typed, place.terminal.environment);
  const filter = {
    ...(realm === undefined ? {} : { realm }),
    ...(account === undefined ? {} : { account }),
    ...(unknown ? { unknown: 'true' as const } : {}),
    ...(address === undefined ? {} : { address }),
    ...(type === undefined ? {} : { type }),
  };
  const query = {
    ...filter,
    ...(limit === undefined ? (all ? { limit: '100' } : {}) : { limit }),
  };
  const { export: target, from: earliest } = typed;
  if (target !== undefined) {
    return withSource(access, {}, place, async (session) => {
      const pieces = session.source.exportEvents({
        ...filter,
        ...(earliest === undefined ? {} : { from: earliest }),
      });
      const lines = await writeExport(pieces, target, place.terminal);
      if (target !== STANDARD_OUTPUT)
        session.remark(`Wrote ${counted(lines, 'event')} to ${printable(target, 200)}.`);
      return EXIT.done;
    });
  }
  return withSource(access, typed, place, async (session) => {
    const page = await followedPages(
      (cursor) => session.source.events({ ...query, ...(cursor === undefined ? {} : { cursor }) }),
      { from, all },
    );
    session.tell(page, () =>
      page.items.length === 0
        ? 'Nothing is recorded.'
        : eventsText(page.items, place.terminal.now(), session.paint),
    );
    tellMore(session, page.nextCursor);
    return EXIT.done;
  });
}

/** What does not go together with a file of everything. */
function exportProblems({ export: target, from, limit, cursor, all, json }: TypedEvents): readonly string[] {
  if (target === undefined) return from === undefined ? [] : ['--from is for --export.'];
  const isPaged = limit !== undefined || cursor !== undefined || all !== undefined;
  return isPaged || json !== undefined
    ? ['--export writes everything as JSON lines: without --limit, --cursor, --all and --json.']
    : [];
}
