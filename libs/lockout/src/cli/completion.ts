import { RootCommand, script } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';
import { bashScript } from './bash-completion.js';

/** Shells that a script is made for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** The hidden command that scripts ask. */
export const ASKED = 'complete';

type Offer = (offer: (value: string, description: string) => void) => void;

const offering =
  (choices: readonly string[]): Offer =>
  (offer) => {
    for (const choice of choices) offer(choice, '');
  };

/** Writes the completion script of a shell to the standard output. */
export function printScript(program: string, shell: Shell): void {
  if (shell === 'bash') console.log(bashScript(program, ASKED));
  else script(shell, program, program);
}

/** Writes what may come next to the standard output, as the scripts read it. */
export function printCompletions(program: Command, words: readonly string[]): void {
  const root = new RootCommand();
  for (const command of program.commands) {
    if (command.name() === ASKED) continue;
    const known = root.command(command.name(), command.summary() || command.description());
    for (const option of command.options) declareOption(known, option);
    for (const argument of command.registeredArguments) declareArgument(known, argument);
  }
  root.parse([...words]);
}

type Known = ReturnType<RootCommand['command']>;

function declareOption(known: Known, { long, description, required, optional, argChoices }: Option): void {
  const name = long?.replace(/^--/, '');
  if (name === undefined) return;
  // Whoever takes a value has a handler, though it may have nothing to offer.
  if (required || optional) known.option(name, description, offering(argChoices ?? []));
  else known.option(name, description);
}

function declareArgument(known: Known, argument: Argument): void {
  known.argument(argument.name(), offering(argument.argChoices ?? []), argument.variadic);
}
