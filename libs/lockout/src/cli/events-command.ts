import { CommandProblem } from './command-problem.js';
import { type TypedOutput, withSource } from './console-session.js';
import { eventsText } from './events-text.js';
import { followedPages } from './followed-pages.js';
import { type TypedPage, tellMore } from './list-command.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedEvents extends TypedAccess, TypedOutput, TypedPage {
  readonly realm?: string;
  readonly unknown?: boolean;
  readonly address?: string;
  readonly type?: string;
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
  const access = readAccess(typed, place.terminal.environment);
  const query = {
    ...(realm === undefined ? {} : { realm }),
    ...(account === undefined ? {} : { account }),
    ...(unknown ? { unknown: 'true' as const } : {}),
    ...(address === undefined ? {} : { address }),
    ...(type === undefined ? {} : { type }),
    ...(limit === undefined ? (all ? { limit: '100' } : {}) : { limit }),
  };
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
