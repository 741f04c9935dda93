import type { Actor } from '../policy/index.js';
import { confirmed, readActor, requireYes, type TypedChange } from './change-options.js';
import { type ConsoleSession, type TypedOutput, withSource } from './console-session.js';
import type { SourceAccess } from './source/source-options.js';
import { EXIT, type ExitCode, isAttended, type Terminal } from './terminal.js';

/** What somebody is asked to agree to. */
export interface ProposedChange {
  readonly question: string;
  /** What has to be typed where a yes is not enough. */
  readonly words?: string | null;
  /** Makes the change, and tells it. */
  readonly make: (actor: Actor) => Promise<ExitCode>;
}

/**
 * Changes something over a source, once it is known by whom and why and somebody agreed; `--yes` agrees to everything.
 *
 * @param propose shows what is to be changed; an exit code where there is nothing to change.
 * @throws {CommandProblem} what the record needs is missing, and nobody can be asked.
 */
export async function agreedChange(
  access: SourceAccess,
  typed: TypedChange & TypedOutput,
  place: { readonly terminal: Terminal; readonly userAgent: string },
  propose: (session: ConsoleSession) => Promise<ProposedChange | ExitCode>,
): Promise<ExitCode> {
  const { terminal } = place;
  requireYes(typed, terminal);
  // Where nobody sits there everything is said already: before anything is opened.
  const early = isAttended(terminal) ? null : await readActor(typed, access, terminal);
  return withSource(access, typed, place, async (session) => {
    const proposed = await propose(session);
    if (typeof proposed === 'number') return proposed;
    const { question, words = null, make } = proposed;
    const actor = early ?? (await readActor(typed, session.source, terminal));
    if (await confirmed(question, typed, terminal, words)) return make(actor);
    session.remark('Nothing was changed.');
    return EXIT.nothing;
  });
}
