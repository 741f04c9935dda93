import type { ExitCode } from './terminal.js';

/** Why a command stops: everything that is wrong at once, each with what to do about it. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';

  constructor(
    readonly problems: readonly string[],
    readonly exitCode: ExitCode,
  ) {
    super(problems.join('\n'));
  }
}
