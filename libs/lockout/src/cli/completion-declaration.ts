import { Argument, type Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

const HELP = `
Examples:
  $ nestjs-lockout completion bash > ~/.local/share/bash-completion/completions/nestjs-lockout
  $ nestjs-lockout completion zsh > "\${fpath[1]}/_nestjs-lockout"
  $ nestjs-lockout completion fish > ~/.config/fish/completions/nestjs-lockout.fish

It completes commands, options and the words that options take. It asks no server and no database.
`;

/** Adds the command that prints a completion script, and the hidden one that such a script asks. */
export function declareCompletion(program: Command): void {
  program
    .command('completion')
    .summary('a script that completes commands and options')
    .description('Prints a completion script for a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .showHelpAfterError('See nestjs-lockout completion --help')
    .action(async (shell: (typeof SHELLS)[number]) => {
      const { printScript } = await import('./completion.js');
      printScript(program.name(), shell);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const { printCompletions } = await import('./completion.js');
      printCompletions(program, words);
    });
}
