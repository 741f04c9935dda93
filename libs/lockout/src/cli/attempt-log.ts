import type { Readable } from 'node:stream';
import { CsvError, type Parser, parse } from 'csv-parse';
import type { ReplayAttempt } from '../policy/index.js';
import { CommandProblem } from './command-problem.js';
import { type LogColumns, readColumns } from './log-columns.js';
import { type LineProblem, LineReader, type LoggedAttempt } from './log-line.js';
import { type LoggedOutcome, outcomeReader } from './log-outcome.js';
import { durationText, momentText } from './moment-text.js';
import { printable } from './printable.js';
import { EXIT } from './terminal.js';
import { TimeOrder } from './time-order.js';

export interface AttemptLogOptions {
  /** One character. */
  readonly delimiter: string;
  /** Column names the header does not tell by itself. */
  readonly columns: ReadonlyMap<string, string>;
  /** Words the outcome column uses beside the common ones. */
  readonly outcomes: ReadonlyMap<string, LoggedOutcome>;
  /** Whether a column may stand in quotes. */
  readonly quotes: boolean;
  /** How much earlier than an earlier line a line may be. */
  readonly toleranceMs: number;
  /** What else has to be right before the first line is replayed; problems, if any. */
  readonly accept?: (columns: LogColumns) => readonly string[];
}

/** What was read. Lines are counted without the header. */
export interface LogReading {
  readonly lines: number;
  /** Lines whose credential was not verified at the time, taken as failures. */
  readonly unverified: number;
  /** Lines that came before an earlier one, within the tolerance. */
  readonly reordered: number;
  /** Lines that could not be read. */
  readonly bad: number;
  readonly firstBad: readonly { readonly line: number; readonly problem: LineProblem }[];
  /** Attempts by method; at most 100 methods, further ones under `…`. */
  readonly methods: ReadonlyMap<string, number>;
}

/** Bad lines that are told one by one. */
const SHOWN_BAD = 5;
const MAX_METHODS = 100;
/** A quote that is never closed must not read the rest of the file into memory. */
const MAX_LINE_BYTES = 64 * 1024;

interface Line {
  readonly record: readonly string[];
  /** Where it ends in the file, from 1. */
  readonly line: number;
}

interface Held extends LoggedAttempt {
  readonly at: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads a log of login attempts line by line, in the order of time. Memory does not grow with the lines. */
export class AttemptLog {
  private readonly reading: Mutable<LogReading> & {
    firstBad: { line: number; problem: LineProblem }[];
    methods: Map<string, number>;
  } = { lines: 0, unverified: 0, reordered: 0, bad: 0, firstBad: [], methods: new Map() };
  private readonly order: TimeOrder<Held>;
  private reader: LineReader | null = null;
  /** The last line that the parser has come to; it is ahead of what was replayed. */
  private parsed = 0;

  constructor(private readonly options: AttemptLogOptions) {
    this.order = new TimeOrder(options.toleranceMs);
  }

  /**
   * @param take told of each attempt.
   * @throws CommandProblem no header, a column is missing, or a line is too early.
   */
  async read(source: Readable, take: (attempt: ReplayAttempt) => void): Promise<LogReading> {
    const parser: Parser = parse({
      bom: true,
      delimiter: this.options.delimiter,
      // What is missing is found line by line, and does not end the reading.
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: MAX_LINE_BYTES,
      quote: this.options.quotes ? '"' : false,
      on_record: (record: string[], { lines }) => {
        this.parsed = lines;
        // The type knows lists of texts only. A number in front would be one more copy of each line.
        return { record, line: lines } satisfies Line as unknown as string[];
      },
      on_skip: (error) => this.skipped(error, parser),
    });
    // Not `pipe`: it would leave the parser waiting for ever when the source fails.
    source.once('error', (error) => parser.destroy(error));
    for await (const { record, line } of source.pipe(parser) as AsyncIterable<Line>) {
      if (!this.reader) this.readHeader(record);
      else this.readLine(this.reader, record, line, take);
    }
    if (!this.reader) throw new CommandProblem(['The log is empty: it needs a header line.'], EXIT.log);
    for (const held of this.order.rest()) take(held.attempt);
    return this.reading;
  }

  private readHeader(header: readonly string[]): void {
    const columns = readColumns(header, this.options.columns);
    const problems = 'width' in columns ? (this.options.accept?.(columns) ?? []) : columns;
    if (problems.length > 0 || !('width' in columns)) throw new CommandProblem(problems, EXIT.log);
    this.reader = new LineReader(columns, outcomeReader(this.options.outcomes));
  }

  private readLine(
    reader: LineReader,
    record: readonly string[],
    line: number,
    take: (attempt: ReplayAttempt) => void,
  ): void {
    this.reading.lines += 1;
    const read = reader.read(record);
    if (typeof read === 'string') {
      this.note(line, read);
      return;
    }
    const { at, method = '' } = read.attempt;
    const { latest } = this.order;
    const ready = this.order.take({ ...read, at });
    if (!ready) throw new CommandProblem(tooEarly(line, at, latest), EXIT.log);
    if (at < latest) this.reading.reordered += 1;
    if (read.unverified) this.reading.unverified += 1;
    const { methods } = this.reading;
    const name = methods.has(method) || methods.size < MAX_METHODS ? method : '…';
    methods.set(name, (methods.get(name) ?? 0) + 1);
    for (const held of ready) take(held.attempt);
  }

  /** The parser could not make a line of it: quotes that do not fit, or no end. It goes on after the line it gave up at. */
  private skipped(error: CsvError | undefined, parser: Parser): undefined {
    const from = this.parsed + 1;
    if (error?.code === 'CSV_MAX_RECORD_SIZE') {
      parser.destroy(new CommandProblem([neverEnds(from)], EXIT.log));
      return;
    }
    const to = Math.max(from, error instanceof CsvError ? Number(error['lines'] ?? from) : from);
    this.parsed = to;
    const lost = to - from + 1;
    this.reading.lines += lost;
    const where = lost === 1 ? '' : `to ${to}: `;
    this.note(from, `${where}no CSV: ${printable(error?.message ?? 'unknown problem', 160)}`, lost);
  }

  private note(line: number, problem: LineProblem, lines = 1): void {
    this.reading.bad += lines;
    if (this.reading.firstBad.length < SHOWN_BAD) this.reading.firstBad.push({ line, problem });
  }
}

const neverEnds = (line: number): string =>
  `Line ${line} does not end: it is longer than ${MAX_LINE_BYTES / 1024} KiB, as when a quote is opened and never closed. Mend the line, or add --no-quotes if the log puts nothing in quotes.`;

const tooEarly = (line: number, at: number, latest: number): readonly string[] => [
  `Line ${line} is of ${momentText(at)}, ${durationText(latest - at)} before a line above it. The log must be in the order of time: sort it (sort -t, -k1,1 for ISO times in the first column; tac if the newest line is first), or allow more with --tolerance ${Math.ceil((latest - at) / 1000)}.`,
];
