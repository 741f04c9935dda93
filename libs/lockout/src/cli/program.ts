import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CommandProblem } from './command-problem.js';
import { declareCompletion } from './completion-declaration.js';
import { declareConsole } from './console-declaration.js';
import { printable } from './printable.js';
import { declareSimulate } from './simulate-declaration.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/**
 * Runs the command line.
 * @param args what was typed after the program's name.
 * @returns the exit code; what there is to say was written to the terminal.
 */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  let running = '';
  const program = new Command('nestjs-lockout')
    .description('Account lockout for NestJS and Passport: tools for operators.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .hook('preAction', (_, command) => {
      running = command.name();
    });
  const ended = (code: ExitCode): void => {
    exitCode = code;
  };
  declareConsole(program, { terminal, userAgent: `nestjs-lockout/${version}` }, ended);
  declareSimulate(program, terminal, ended);
  declareCompletion(program);
  try {
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version end here too, with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof CommandProblem)) throw error;
    for (const problem of error.problems) terminal.stderr.write(`${printable(problem, 2000)}\n`);
    if (error.exitCode === EXIT.usage) terminal.stderr.write(`See nestjs-lockout ${running} --help\n`);
    return error.exitCode;
  }
}
