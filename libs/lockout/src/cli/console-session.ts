import { type Paint, paintFor } from './paint.js';
import { printable, printableJson } from './printable.js';
import type { ConsoleSource } from './source/console-source.js';
import { openSource } from './source/open-source.js';
import type { SourceAccess } from './source/source-options.js';
import { SourceProblem } from './source/source-problem.js';
import type { ExitCode, Terminal } from './terminal.js';

/** Longest line of what another side says. */
const MAX_LINE = 2000;

/** Options that every command of the console has. */
export interface TypedOutput {
  readonly json?: boolean;
}

/** A source that is open, and where to tell what it said. */
export class ConsoleSession {
  readonly paint: Paint;

  constructor(
    readonly source: ConsoleSource,
    readonly terminal: Terminal,
    private readonly json: boolean,
  ) {
    this.paint = paintFor(terminal);
  }

  /** Writes an answer: as it came, or as `text` has it for people. */
  tell(answer: unknown, text: () => string): void {
    const written = this.json ? printableJson(answer) : text();
    this.terminal.stdout.write(written.endsWith('\n') ? written : `${written}\n`);
  }

  /** Writes beside what is piped on. */
  remark(text: string): void {
    this.terminal.stderr.write(`${text}\n`);
  }
}

/** Opens a source, works with it, and tells what it refuses. */
export async function withSource(
  access: SourceAccess,
  { json = false }: TypedOutput,
  { terminal, userAgent }: { readonly terminal: Terminal; readonly userAgent: string },
  work: (session: ConsoleSession) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    const source = await openSource(access, terminal, userAgent);
    try {
      const session = new ConsoleSession(source, terminal, json);
      for (const note of source.notes) session.remark(`Note: ${printable(note, MAX_LINE)}`);
      return await work(session);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof SourceProblem)) throw error;
    if (json) terminal.stdout.write(`${printableJson(error.body)}\n`);
    for (const line of error.lines().flatMap((text) => text.split('\n')))
      terminal.stderr.write(`${printable(line, MAX_LINE)}\n`);
    return error.exitCode;
  }
}
