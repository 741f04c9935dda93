import type { AccountDetail } from '../admin/account-view.js';
import { canonicalAddress } from '../key/index.js';
import type { Actor } from '../policy/index.js';
import { agreedChange } from './agreed-change.js';
import type { TypedChange } from './change-options.js';
import { CommandProblem } from './command-problem.js';
import type { ConsoleSession, TypedOutput } from './console-session.js';
import { counted, listed } from './plain-number.js';
import { printable } from './printable.js';
import type { AccountChoice, AddressChoice, ConsoleSource } from './source/console-source.js';
import { SourceProblem } from './source/source-problem.js';
import { subjectsText } from './subject-text.js';
import { choiceName, readAccounts, readAddress, type TypedSubject } from './subjects.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export interface TypedUnlock extends TypedAccess, TypedOutput, TypedSubject, TypedChange {
  readonly everything?: boolean;
}

/** What is to be unlocked. */
type Target =
  | { readonly kind: 'accounts'; readonly accounts: readonly AccountChoice[]; readonly at: string | null }
  | { readonly kind: 'address'; readonly address: AddressChoice }
  | { readonly kind: 'everything'; readonly realm: string | null };

/** What was shown before the question. */
interface Seen {
  /** Names that state of one account; null: whatever it is by then. */
  readonly tag: string | null;
}

const NOTHING_SEEN: Seen = { tag: null };

/** What has to be typed before everything is unlocked. */
const WORDS = 'unlock everything';

/** Lifts locks: of accounts (all or none), of an address as such, or all there are. */
export async function runUnlock(
  names: readonly string[],
  typed: TypedUnlock,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const target = readTarget(names, typed);
  const access = readAccess(typed, place.terminal.environment);
  if (target.kind === 'everything' && access.kind === 'api')
    throw new CommandProblem(['--everything is for --database: the API unlocks what is named.'], EXIT.usage);
  return agreedChange(access, typed, place, async (session) => {
    const seen = typed.yes === true ? NOTHING_SEEN : await shown(target, session);
    if (seen === null) {
      session.tell({ changed: false }, () => notLocked(target));
      return EXIT.nothing;
    }
    const make = async (actor: Actor): Promise<ExitCode> => {
      const answer = await unlocked(target, session, actor, seen.tag);
      session.tell(answer, () => {
        if (!answer.changed) return notLocked(target);
        const what = 'unlocked' in answer ? counted(answer.unlocked as number, 'record') : nameOf(target);
        return session.paint('free', `Unlocked ${what}.`);
      });
      return answer.changed ? EXIT.done : EXIT.nothing;
    };
    return target.kind === 'everything'
      ? { question: 'Every lock is to be lifted.', words: WORDS, make }
      : { question: 'Unlock?', make };
  });
}

function readTarget(names: readonly string[], typed: TypedUnlock): Target {
  const problems: string[] = [];
  const accounts = readAccounts(names, typed, problems);
  const address = readAddress(typed, problems);
  if (typed.everything === true) {
    if (names.length > 0 || typed.address !== undefined)
      problems.push('--everything is everything: name no account and no address.');
    if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
    return { kind: 'everything', realm: typed.realm ?? null };
  }
  if (names.length === 0 && typed.address === undefined)
    problems.push('Whom? Name accounts, or an address with --address.');
  if (names.length > 0 && address !== null && 'id' in address)
    problems.push('An account at an address is named with the address itself, not with its id.');
  if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
  if (names.length === 0 && address !== null) return { kind: 'address', address };
  const at = address !== null && 'address' in address ? address.address : null;
  return { kind: 'accounts', accounts, at };
}

/** Shows what is locked of it, before anybody is asked. Null: nothing is. */
async function shown(target: Target, session: ConsoleSession): Promise<Seen | null> {
  const { source, paint } = session;
  const where = `At ${printable(source.place, 200)}`;
  if (target.kind === 'everything') {
    session.remark(`${where}, every lock of ${nameOf(target)} is to be lifted, an administrator's too.`);
    return NOTHING_SEEN;
  }
  const accounts =
    target.kind === 'address'
      ? []
      : await Promise.all(target.accounts.map((account) => accountOrNone(account, source)));
  const items = target.kind === 'address' ? [await source.address(target.address)] : accounts;
  const at = target.kind === 'accounts' ? target.at : null;
  const locked = items
    .filter((item) => item !== null)
    .map((item) => ({
      ...item,
      locks: item.locks.filter(({ address }) => at === null || isSame(address, at)),
    }))
    .filter(({ locks }) => locks.length > 0);
  if (locked.length === 0) return null;
  const [first] = locked;
  const of = target.kind === 'address' ? 'address' : 'account';
  session.remark(`${where}, this is to be unlocked:`);
  session.remark(subjectsText(of, locked, Date.parse(first?.now ?? ''), paint));
  const [only, ...more] = accounts;
  return only && more.length === 0 ? { tag: source.tagOf(only) } : NOTHING_SEEN;
}

/** Null: nothing is recorded of it; the other side says so of one among several. */
async function accountOrNone(account: AccountChoice, source: ConsoleSource): Promise<AccountDetail | null> {
  try {
    return await source.account(account);
  } catch (error) {
    if (error instanceof SourceProblem && error.exitCode === EXIT.nothing) return null;
    throw error;
  }
}

/** Whether a lock stands at this address. One without a label may: the other side decides. */
const isSame = (label: string | null, address: string): boolean =>
  label === null || label === canonicalAddress(address);

async function unlocked(target: Target, { source }: ConsoleSession, actor: Actor, tag: string | null) {
  try {
    switch (target.kind) {
      case 'accounts':
        return await source.unlockAccounts(target.accounts, target.at, actor, tag);
      case 'address':
        return await source.unlockAddresses([target.address], actor);
      case 'everything': {
        if (source.unlockEverything === null)
          throw new SourceProblem({ status: 501, detail: 'Everything at once cannot be unlocked here.' });
        return await source.unlockEverything(target.realm, actor);
      }
      default:
        return target satisfies never;
    }
  } catch (error) {
    const named = target.kind === 'accounts' ? target.accounts.length : 1;
    throw error instanceof SourceProblem ? error.ofNamed(named) : error;
  }
}

function nameOf(target: Target): string {
  switch (target.kind) {
    case 'accounts': {
      const names = listed(target.accounts.map((account) => printable(choiceName(account), 120)));
      return target.at === null ? names : `${names} at ${printable(target.at)}`;
    }
    case 'address':
      return printable(choiceName(target.address), 120);
    case 'everything':
      return target.realm === null ? 'everything' : `everything in the realm ${printable(target.realm)}`;
    default:
      return target satisfies never;
  }
}

const notLocked = (target: Target): string =>
  target.kind === 'everything' ? 'Nothing is locked.' : `${nameOf(target)}: not locked. Nothing was changed.`;
