import { problemOf } from '../../admin/problem-of.js';
import { LockoutEngine } from '../../engine/lockout-engine.js';
import { LockoutConfigError } from '../../engine/lockout-error.js';
import { CommandProblem } from '../command-problem.js';
import { EXIT } from '../terminal.js';
import type { ConsoleSource } from './console-source.js';
import { withoutPassword } from './database-url.js';
import { fittingSecrets } from './fitting-secrets.js';
import { type GoverningPolicies, governingPolicies } from './governing-policies.js';
import { type OpenedStore, openStore } from './open-store.js';
import type { StoreAccess } from './source-options.js';
import { type ProblemBody, SourceProblem } from './source-problem.js';
import { StoreSource } from './store-source.js';

/** Longest that a decision may take, as the engine takes it, ms. */
const LONGEST_MS = 60_000;

/** Opens the store and makes an engine over it, which answers no sign-in and has no timer. */
export async function openStoreSource(access: StoreAccess): Promise<ConsoleSource> {
  const opened = await openStore(access);
  const answering = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw told(error, access);
    });
  try {
    return await answering(() => sourceOver(opened, access, answering));
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function sourceOver(
  { store, notes, close }: OpenedStore,
  access: StoreAccess,
  answering: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<ConsoleSource> {
  const { secrets, isCertain } = await fittingSecrets(access.secrets, store);
  const governing = await governingPolicies(access.policies, store);
  const limitMs = Math.min(LONGEST_MS, Math.max(5_000, 2 * access.timeoutMs));
  const engine = new LockoutEngine({
    store,
    secrets,
    policies: governing.policies,
    labels: await keepsLabels(store),
    cacheMs: 0,
    decisionTimeoutMs: limitMs,
  });
  await engine.policies.fresh();
  return new StoreSource({
    place: access.database.shown,
    notes: [...notes, ...notesOn(isCertain, governing, engine)],
    engine,
    knowsCode: governing.isCode,
    answering,
    close,
  });
}

/** Names are kept where the application keeps them (P10): a lock that is set from here looks like its others. */
async function keepsLabels(store: OpenedStore['store']): Promise<boolean> {
  const { now } = await store.load([]);
  const { items } = await store.find({ of: 'account', state: 'any', sort: 'lastFailureAt', now, limit: 1 });
  return items.some(({ facts }) => facts.accountLabel !== null);
}

function notesOn(
  isCertain: boolean,
  { isCode, isKnown }: GoverningPolicies,
  engine: LockoutEngine,
): readonly string[] {
  const ignored = engine.policies.ignored.map(({ policy, brand }) =>
    brand === null ? policy : `${policy} (${brand})`,
  );
  const notes: readonly (string | false)[] = [
    !isCertain &&
      'No process of the application has begun here yet: nobody can tell whether these secrets are its own.',
    !isCode &&
      (isKnown
        ? 'Only policies that were saved are known here. Others are called by their counters; --policies or --preset names them.'
        : 'No policy is known here, so counters are shown as they are. --policies or --preset names them.'),
    ignored.length > 0 &&
      `What was saved of ${ignored.join(', ')} does not fit the policies that are known here.`,
  ];
  return notes.filter((note): note is string => note !== false);
}

function told(error: unknown, { database }: StoreAccess): unknown {
  if (error instanceof LockoutConfigError) return new CommandProblem(error.problems, EXIT.usage);
  const problem = problemOf(error);
  if (!problem) return error;
  const cause = problem.getStatus() === 503 && error instanceof Error ? rootOf(error).message : null;
  const hint = cause === null ? null : `${database.shown}: ${withoutPassword(cause, database)}`;
  return new SourceProblem(problem.getResponse() as ProblemBody, hint, null, { cause: error });
}

const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);
