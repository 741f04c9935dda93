import { CommandProblem } from './command-problem.js';
import type { ConsoleSession } from './console-session.js';
import { type TypedOutput, withSource } from './console-session.js';
import type { AccountChoice, AddressChoice } from './source/console-source.js';
import { countersText, detailText, summaryOf } from './subject-text.js';
import { readAccounts, readAddress, type TypedSubject } from './subjects.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';
import { readAccess, type TypedAccess } from './typed-access.js';

export type TypedStatus = TypedAccess & TypedOutput & TypedSubject;

/** Tells everything about one account, one address, or the account as that address would meet it. */
export async function runStatus(
  names: readonly string[],
  typed: TypedStatus,
  place: { readonly terminal: Terminal; readonly userAgent: string },
): Promise<ExitCode> {
  const problems: string[] = [];
  const [account] = readAccounts(names, typed, problems);
  const address = readAddress(typed, problems);
  if (!account && !address && problems.length === 0)
    problems.push('Whose? Name an account, or an address with --address.');
  if (account && address && ('id' in account || 'id' in address))
    problems.push('An account at an address is named by its name and the address, not by ids.');
  if (problems.length > 0) throw new CommandProblem(problems, EXIT.usage);
  const access = readAccess(typed, place.terminal.environment);
  return withSource(access, typed, place, (session) => tellStatus(session, account, address));
}

async function tellStatus(
  session: ConsoleSession,
  account: AccountChoice | undefined,
  address: AddressChoice | null,
): Promise<ExitCode> {
  const { source, paint } = session;
  if (account && address && 'address' in address) {
    const explained = await source.explain(account, address.address);
    const { allowed } = explained;
    session.tell(explained, () => {
      const headline = allowed
        ? paint('free', 'An attempt from there would be let through.')
        : paint('locked', 'An attempt from there would be refused.');
      const counters = countersText(explained.counters, Date.parse(explained.now), paint);
      return `${[[headline, ...summaryOf(explained)].join('\n'), counters].filter(Boolean).join('\n\n')}\n`;
    });
    return allowed ? EXIT.nothing : EXIT.done;
  }
  const detail = account ? await source.account(account) : await source.address(address as AddressChoice);
  session.tell(detail, () => detailText(detail, paint));
  return detail.locked ? EXIT.done : EXIT.nothing;
}
