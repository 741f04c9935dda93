import { type Command, Option } from 'commander';
import { COLUMN_FIELDS } from './log-columns.js';
import { LOGGED_OUTCOMES } from './log-outcome.js';
import { PRESET_NAMES } from './policy-choice.js';
import { runSimulate } from './simulate-command.js';
import { readOptions, type TypedOptions } from './simulate-options.js';
import type { ExitCode, Terminal } from './terminal.js';

const SIMULATE_HELP = `
The log is a CSV file with a header. Columns are found by their names: time, account and outcome must be there;
address, method, device, realm, brand and custom:<name> are used where they are. Times are ISO 8601 (UTC unless they
say otherwise) or seconds or milliseconds since 1970, in order. Outcomes are success, failure and their common
synonyms; unknown-account is a failure under a name that nobody has, refused one that was not verified at the time.

Examples:
  $ nestjs-lockout simulate --preset reachfive attempts.csv
  $ nestjs-lockout simulate --policies policies.json --report report.html attempts.csv
  $ zcat auth.csv.gz | nestjs-lockout simulate --preset outsystems --columns time=ts,account=user -

Exit codes:
  0  the log was replayed
  1  the log could not be replayed (no header, not in the order of time, no line could be read, or --strict and one
     could not)
  2  the options are wrong; nothing was read
`;

/** A value that is missing is found with everything else that is wrong, not before it. */
function valued(flags: string, description: string): Option {
  const option = new Option(flags, description);
  option.required = false;
  option.optional = true;
  return option;
}

/** Adds the command that replays a log. */
export function declareSimulate(program: Command, terminal: Terminal, ended: (code: ExitCode) => void): void {
  program
    .command('simulate')
    .summary('what lockout policies would have done with a log of past attempts')
    .description(
      'Replays a log of past sign-in attempts and tells what lockout policies would have done with it.',
    )
    .usage('[options] <attempts.csv | ->')
    .argument('[log]', 'a CSV file, or - for the standard input')
    .addOption(valued('--preset <name>', `policies of a known system: ${PRESET_NAMES.join(', ')}`))
    .addOption(valued('--policies <file.json>', 'a list of policies, as definePolicies takes them'))
    .addOption(
      valued('--report <file.html>', 'write a page with charts and timelines; it holds names from the log'),
    )
    .option('--json', 'print the summary as JSON')
    .addOption(valued('--top <count>', 'how many of the most locked accounts to tell of (default 20)'))
    .option('--strict', 'exit with 1 if any line could not be read')
    .addOption(
      valued('--columns <field=name,…>', `columns by other names; fields: ${COLUMN_FIELDS.join(', ')}`),
    )
    .addOption(valued('--outcomes <word=outcome,…>', `other words for ${LOGGED_OUTCOMES.join(', ')}`))
    .addOption(valued('--delimiter <character>', 'between columns (default ","; tab for a tabulator)'))
    .option('--no-quotes', 'a quote is a character like any other')
    .addOption(valued('--tolerance <seconds>', 'how late a line may be (default 5)'))
    .option('--no-progress', 'no bar, also on a terminal')
    .addHelpText('after', SIMULATE_HELP)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_log: string | undefined, typed: TypedOptions, command: Command) => {
      ended(await runSimulate(readOptions(typed, command.args), terminal));
    });
}
