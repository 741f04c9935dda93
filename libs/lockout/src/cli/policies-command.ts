import { CommandProblem } from './command-problem.js';
import { type TypedOutput, withSource } from './console-session.js';
import { followedPages } from './followed-pages.js';
import { type TypedPage, tellMore } from './list-command.js';
import { policiesText, policyText, revisionsText } from './policies-text.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedPolicies extends TypedAccess, TypedOutput, TypedPage {
  readonly brand?: string;
  readonly history?: boolean;
}

/** Tells what governs: all policies, one of them, or every save of one. */
export async function runPolicies(
  policy: string | undefined,
  typed: TypedPolicies,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const { brand = null, history = false, limit, cursor: from, all = false } = typed;
  const problems: string[] = [];
  if (policy === undefined && brand !== null) problems.push('Which policy of that brand? Name one.');
  if (policy === undefined && history) problems.push("Which policy's history? Name one.");
  if (!history && (limit ?? from) !== undefined) problems.push('--limit and --cursor are for --history.');
  if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
  const access = readAccess(typed, place.terminal.environment);
  const now = place.terminal.now();
  return withSource(access, typed, place, async (session) => {
    const { source, paint } = session;
    if (policy === undefined) {
      const answer = await source.policies();
      session.tell(answer, () =>
        answer.items.length === 0 ? 'No policy is known here.' : policiesText(answer.items, now, paint),
      );
      return EXIT.done;
    }
    const target = { policy, brand };
    if (!history) {
      const answer = await source.policy(target);
      session.tell(answer, () => policyText(answer, now, paint));
      return EXIT.done;
    }
    const page = await followedPages(
      (cursor) =>
        source.policyHistory(target, {
          ...(limit === undefined ? {} : { limit }),
          ...(cursor === undefined ? {} : { cursor }),
        }),
      { from, all },
    );
    session.tell(page, () =>
      page.items.length === 0 ? 'It was never saved.' : revisionsText(page.items, now, paint),
    );
    tellMore(session, page.nextCursor);
    return EXIT.done;
  });
}
