import { Argument, type Command, Option } from 'commander';
import { EVENT_TYPES } from '../store/event-types.js';
import { consoleHelp } from './console-help.js';
import type { TypedDeliveries } from './deliveries-command.js';
import type { TypedErase } from './erase-command.js';
import type { TypedEvents } from './events-command.js';
import type { Listed, TypedList } from './list-command.js';
import type { TypedLock } from './lock-command.js';
import type { TypedPolicies } from './policies-command.js';
import { PRESET_NAMES } from './policy-choice.js';
import type { TypedStatus } from './status-command.js';
import type { ExitCode, Terminal } from './terminal.js';
import type { TypedUnlock } from './unlock-command.js';

/** As the admin API has them; the words are checked there too. */
export const SORTS = ['until', 'since', 'lastFailureAt'] as const;
export { EVENT_TYPES };

/** What a command is run with. */
export interface Place {
  readonly terminal: Terminal;
  readonly userAgent: string;
}

const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

function withAccess(command: Command): Command {
  return command
    .option('--url <url>', 'the admin API: https://host/lockout')
    .option('--header <line>', "sent with each request: 'Name: value'; may be repeated", collected)
    .option(
      '--database <url>',
      'the store itself: mysql://, mariadb://, postgres://, redis://…, sqlite:/path',
    )
    .option('--secrets-file <file>', 'with --database: the key secrets, one a line')
    .option('--policies <file.json>', 'with --database: the policies in code, as definePolicies takes them')
    .addOption(
      new Option('--preset <name>', 'with --database: the policies in code are a preset').choices(
        PRESET_NAMES,
      ),
    )
    .option('--prefix <text>', 'with --database: before the names of tables, or of Redis keys')
    .option('--schema <name>', 'with --database: schema or database of the tables')
    .option('--timeout <seconds>', 'how long an answer may take (default 10)')
    .option('--json', 'print the answer as the API gives it');
}

const withPages = (command: Command): Command =>
  command
    .option('--limit <count>', 'of one page, 1 to 100 (default 50)')
    .option('--cursor <text>', 'go on where a page before ended')
    .option('--all', 'every page');

const withChange = (command: Command): Command =>
  command
    .option('--reason <text>', 'why; recorded. Asked for where somebody sits at the terminal')
    .option('--by <name>', 'with --database: who; recorded. Asked for likewise')
    .option('--yes', 'do not ask before it is changed; needed where nobody sits at the terminal');

const withRealm = (command: Command, words = 'where the account is (default "default")'): Command =>
  command.option('--realm <name>', words);

const withSubject = (command: Command): Command =>
  withRealm(command)
    .option('--unknown', 'a name that no account has')
    .option('--id', 'what is named are ids, as list shows them');

/** Adds the commands of the operator's console. Each is loaded when it is run. */
export function declareConsole(program: Command, place: Place, ended: (code: ExitCode) => void): void {
  const added = (name: string): Command =>
    program.command(name).showHelpAfterError(`See nestjs-lockout ${name.split(' ')[0]} --help`);

  withAccess(withSubject(added('status')))
    .summary('whether an account or an address is locked, and why')
    .description(
      'Tells everything about one account, or (--address alone) one address, or what that address meets.',
    )
    .argument('[account]', 'an account id')
    .option(
      '--address <address>',
      'the address as such; with an account: what an attempt from there would meet',
    )
    .addHelpText(
      'after',
      consoleHelp('status', [
        'status alice',
        'status --address 192.0.2.7',
        'status alice --address 192.0.2.7',
      ]),
    )
    .action(async (account: string | undefined, typed: TypedStatus) => {
      const { runStatus } = await import('./status-command.js');
      ended(await runStatus(account === undefined ? [] : [account], typed, place));
    });

  withAccess(withPages(withRealm(added('list'), 'only there (default: everywhere)')))
    .summary('what is locked')
    .description('Lists locked accounts, or blocked addresses, with all their locks.')
    .addArgument(
      new Argument('[what]', 'what is listed').choices(['accounts', 'addresses']).default('accounts'),
    )
    .option('--search <text>', 'whose name begins so, or is exactly so')
    .addOption(new Option('--sort <order>', 'latest first, by').choices(SORTS).default('until'))
    .option('--any', 'also what is recorded and not locked')
    .addHelpText('after', consoleHelp('read', ['list', 'list addresses --sort since', 'list --all --json']))
    .action(async (what: Listed, typed: TypedList) => {
      const { runList } = await import('./list-command.js');
      ended(await runList(what, typed, place));
    });

  withAccess(withChange(withSubject(added('unlock'))))
    .summary('lift the locks of accounts or of an address')
    .description('Lifts locks, with count and escalation. Several accounts: all or none.')
    .argument('[accounts...]', 'account ids')
    .option(
      '--address <address>',
      'only what stands against the accounts there; alone: the block of the address',
    )
    .option('--everything', 'with --database: every lock there is (in --realm, where it is given)')
    .addHelpText(
      'after',
      consoleHelp('change', [
        "unlock alice --reason 'called, proved who she is'",
        "unlock alice bob --yes --reason 'ticket 4711'",
        'unlock --address 192.0.2.7',
        "unlock admin --database mysql://… --by 'Ada, on call' --reason 'nobody of us can sign in'",
      ]),
    )
    .action(async (accounts: readonly string[], typed: TypedUnlock) => {
      const { runUnlock } = await import('./unlock-command.js');
      ended(await runUnlock(accounts, typed, place));
    });

  withAccess(withChange(withSubject(added('lock'))))
    .summary('refuse every sign-in to an account')
    .description('Refuses every method of an account until then, or until an administrator unlocks it.')
    .argument('<account>', 'an account id')
    .option('--until <end>', 'how long (30m, 2h, 1d12h), when (2030-01-31T12:00:00Z), or indefinite')
    .addHelpText(
      'after',
      consoleHelp('change', [
        "lock alice --until 2h --reason 'her laptop was stolen'",
        "lock alice --until indefinite --yes --reason 'has left'",
      ]),
    )
    .action(async (account: string, typed: TypedLock) => {
      const { runLock } = await import('./lock-command.js');
      ended(await runLock(account, typed, place));
    });

  withAccess(withPages(withRealm(added('events'), 'only there')))
    .summary('what happened')
    .description('Tells what was recorded, latest first: of all, of one account, or of one address.')
    .argument('[account]', 'an account id')
    .option('--unknown', 'a name that no account has')
    .option('--address <address>', 'only from there')
    .addOption(new Option('--type <type>', 'only such events').choices(EVENT_TYPES))
    .option('--export <file>', 'all of it as JSON lines, into a new file (-: the standard output)')
    .option('--from <moment>', 'with --export: only what happened then or later (2030-01-31T12:00:00Z)')
    .addHelpText(
      'after',
      consoleHelp('read', [
        'events alice',
        'events --type unlocked --limit 10',
        'events --all --json',
        'events --export events.jsonl --from 2030-01-01T00:00:00Z',
      ]),
    )
    .action(async (account: string | undefined, typed: TypedEvents) => {
      const { runEvents } = await import('./events-command.js');
      ended(await runEvents(account, typed, place));
    });

  withAccess(withChange(withSubject(added('erase'))))
    .summary('forget an account')
    .description('Takes an account out of everything that is kept of it. Nothing brings it back.')
    .argument('<account>', 'an account id')
    .addHelpText(
      'after',
      consoleHelp('change', [
        "erase alice --reason 'asked to be forgotten'",
        "erase alice --yes --reason 'ticket 4711'",
      ]),
    )
    .action(async (account: string, typed: TypedErase) => {
      const { runErase } = await import('./erase-command.js');
      ended(await runErase(account, typed, place));
    });

  withAccess(withChange(withPages(added('deliveries'))))
    .summary('what waits to be delivered, or was given up')
    .description(
      'Tells which events wait for mail, webhooks and other sinks, or (--dead) were given up; repeats or drops those.',
    )
    .option('--dead', 'what was given up')
    .option('--sink <name>', 'only what is for this sink')
    .option('--retry <ids...>', 'deliver these once more, by the ids that --dead shows')
    .option('--drop <ids...>', 'give these up for good')
    .addHelpText(
      'after',
      consoleHelp('change', [
        'deliveries',
        'deliveries --dead --sink mail',
        "deliveries --retry 4711 4712 --yes --reason 'the mail server is back'",
      ]),
    )
    .action(async (typed: TypedDeliveries) => {
      const { runDeliveries } = await import('./deliveries-command.js');
      ended(await runDeliveries(typed, place));
    });

  withAccess(withPages(added('policies')))
    .summary('what governs')
    .description('Tells which policies govern: all, one in sentences, or every save of one.')
    .argument('[policy]', 'the name of a policy')
    .option('--brand <name>', "this brand's override of it")
    .option('--history', 'every save, latest first')
    .addHelpText(
      'after',
      consoleHelp('read', ['policies', 'policies login', 'policies login --brand acme --history']),
    )
    .action(async (policy: string | undefined, typed: TypedPolicies) => {
      const { runPolicies } = await import('./policies-command.js');
      ended(await runPolicies(policy, typed, place));
    });
}
