import type { DeliveryPage } from '../admin/delivery-view.js';
import type { Actor } from '../policy/index.js';
import { agreedChange } from './agreed-change.js';
import type { TypedChange } from './change-options.js';
import { CommandProblem } from './command-problem.js';
import { type TypedOutput, withSource } from './console-session.js';
import { deliveriesText, sinksText } from './deliveries-text.js';
import { followedPages } from './followed-pages.js';
import { type TypedPage, tellMore } from './list-command.js';
import { counted } from './plain-number.js';
import { printable } from './printable.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedDeliveries extends TypedAccess, TypedOutput, TypedPage, TypedChange {
  readonly dead?: boolean;
  readonly sink?: string;
  readonly retry?: readonly string[];
  readonly drop?: readonly string[];
}

interface Place {
  readonly terminal: Terminal;
  readonly userAgent: string;
}

/** Tells what waits to be delivered or was given up; repeats or drops what was given up. */
export async function runDeliveries(typed: TypedDeliveries, place: Place): Promise<ExitCode> {
  const { dead = false, sink, retry, drop } = typed;
  const ids = retry ?? drop;
  if (ids === undefined) return listDeliveries(typed, place);
  const problems: string[] = [];
  if (retry && drop) problems.push('Not both: --retry delivers them once more, --drop never.');
  if (dead || sink !== undefined) problems.push('--dead and --sink are for the list.');
  if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
  return changeDeliveries(retry ? 'retry' : 'drop', ids, typed, place);
}

async function listDeliveries(typed: TypedDeliveries, place: Place): Promise<ExitCode> {
  const { dead = false, sink, limit, cursor: from, all = false } = typed;
  const access = readAccess(typed, place.terminal.environment);
  const query = {
    state: dead ? 'dead' : 'waiting',
    ...(sink === undefined ? {} : { sink }),
    ...(limit === undefined ? (all ? { limit: '100' } : {}) : { limit }),
  } as const;
  return withSource(access, typed, place, async (session) => {
    const { source, paint } = session;
    let first: DeliveryPage | null = null;
    const page = await followedPages(
      async (cursor) => {
        const answer = await source.deliveries({ ...query, ...(cursor === undefined ? {} : { cursor }) });
        first ??= answer;
        return answer;
      },
      { from, all },
    );
    const { sinks, now }: Pick<DeliveryPage, 'sinks' | 'now'> = first ?? { sinks: [], now: '' };
    session.tell({ ...page, sinks, now }, () => {
      const at = Date.parse(now);
      if (sinks.length === 0) return 'Everything was delivered.';
      const none = dead ? 'Nothing was given up.' : 'Nothing waits.';
      const list = page.items.length === 0 ? none : deliveriesText(page.items, at, paint);
      return `${sinksText(sinks, at, paint)}\n\n${list}`;
    });
    tellMore(session, page.nextCursor);
    return EXIT.done;
  });
}

async function changeDeliveries(
  kind: 'retry' | 'drop',
  ids: readonly string[],
  typed: TypedDeliveries,
  place: Place,
): Promise<ExitCode> {
  const access = readAccess(typed, place.terminal.environment);
  return agreedChange(access, typed, place, async (session) => {
    const { source } = session;
    const named = counted(ids.length, 'delivery', 'deliveries');
    const what = kind === 'retry' ? 'to be made once more' : 'to be given up for good';
    const verb = ids.length === 1 ? 'is' : 'are';
    if (typed.yes !== true) session.remark(`At ${printable(source.place, 200)}, ${named} ${verb} ${what}.`);
    const make = async (actor: Actor): Promise<ExitCode> => {
      const answer = await source.changeDeliveries(kind, ids, actor);
      session.tell(answer, () => {
        if (!answer.changed) return 'None of them was given up any more. Nothing was changed.';
        const done = counted(answer.count, 'delivery', 'deliveries');
        return kind === 'retry' ? `${done} due again.` : `${done} given up for good.`;
      });
      return answer.changed ? EXIT.done : EXIT.nothing;
    };
    return { question: kind === 'retry' ? 'Try again?' : 'Give up?', make };
  });
}
