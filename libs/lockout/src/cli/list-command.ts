import type { AccountItem, AddressItem } from '../admin/account-view.js';
import { type ConsoleSession, type TypedOutput, withSource } from './console-session.js';
import { followedPages } from './followed-pages.js';
import { counted } from './plain-number.js';
import { printable } from './printable.js';
import { subjectsText } from './subject-text.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

/** Options of a list, as they were typed. */
export interface TypedPage {
  readonly limit?: string;
  readonly cursor?: string;
  readonly all?: boolean;
}

export interface TypedList extends TypedAccess, TypedOutput, TypedPage {
  readonly realm?: string;
  readonly search?: string;
  readonly sort?: string;
  readonly any?: boolean;
}

/** As long as the admin API takes one. */
const MAX_CURSOR = 1000;

export type Listed = 'accounts' | 'addresses';

/** Lists what is locked. */
export async function runList(
  of: Listed,
  typed: TypedList,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const access = readAccess(typed, place.terminal.environment);
  const { realm, search, sort, any = false, limit, cursor: from, all = false } = typed;
  const query = {
    state: any ? 'any' : 'locked',
    ...(search === undefined ? {} : { q: search }),
    ...(realm === undefined ? {} : { realm }),
    ...(sort === undefined ? {} : { sort }),
    // All of them, in as few questions as may be.
    ...(limit === undefined ? (all ? { limit: '100' } : {}) : { limit }),
  } as const;
  return withSource(access, typed, place, async (session) => {
    const { source } = session;
    const page = await followedPages<AccountItem | AddressItem>(
      (cursor) => {
        const asked = { ...query, ...(cursor === undefined ? {} : { cursor }) };
        return of === 'accounts' ? source.accounts(asked) : source.addresses(asked);
      },
      { from, all },
    );
    const subject = of === 'accounts' ? 'account' : 'address';
    session.tell(page, () => {
      if (page.items.length === 0) return any ? `No ${subject} is recorded.` : `No ${subject} is locked.`;
      const table = subjectsText(subject, page.items, place.terminal.now(), session.paint);
      return `${table}\n${counted(page.items.length, subject, of)}`;
    });
    tellMore(session, page.nextCursor);
    return EXIT.done;
  });
}

/** Beside a list that goes on. */
export function tellMore(session: ConsoleSession, nextCursor: string | null): void {
  if (nextCursor !== null)
    session.remark(`There are more: --all, or --cursor '${printable(nextCursor, MAX_CURSOR)}'.`);
}
