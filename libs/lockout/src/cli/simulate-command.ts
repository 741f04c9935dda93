import { createReadStream, statSync, writeFileSync } from 'node:fs';
import { type LockoutPolicy, lintPolicies, Replay, ReplaySummary, type ScopePart } from '../policy/index.js';
import { AttemptLog, type LogReading } from './attempt-log.js';
import { CommandProblem } from './command-problem.js';
import type { LogColumns } from './log-columns.js';
import { startProgress } from './progress.js';
import { reportPage } from './report-page.js';
import type { SimulateOptions } from './simulate-options.js';
import type { Simulation } from './simulation.js';
import { summaryJson, summaryText } from './summary-text.js';
import { EXIT, type ExitCode, type Terminal } from './terminal.js';

/** How often the bar moves: each so many attempts. */
const PROGRESS_EVERY = 2048;

/** Replays the log and tells what these policies would have done. */
export async function runSimulate(options: SimulateOptions, terminal: Terminal): Promise<ExitCode> {
  const { choice, report, json, strict } = options;
  const began = terminal.monotonic();
  const { reading, summary, peakKeys } = await replayLog(options, terminal);
  const elapsedMs = Math.round(terminal.monotonic() - began);
  const told = summary.report();
  const { all } = told.attempts;
  const simulation: Simulation = {
    log: options.log === '-' ? 'the standard input' : options.log,
    ...choice,
    warnings: lintPolicies(choice.policies),
    reading,
    report: told,
    effort: {
      peakKeys,
      elapsedMs,
      attemptsPerSecond: Math.round(all / Math.max(0.001, elapsedMs / 1000)),
      peakMemory: terminal.peakMemory(),
    },
    madeAt: terminal.now(),
  };
  if (report !== null && all > 0) writeReport(report, simulation);
  terminal.stdout.write(json ? summaryJson(simulation) : summaryText(simulation));
  if (all === 0) throw new CommandProblem(['No line of the log could be replayed.'], EXIT.log);
  if (strict && reading.bad > 0)
    throw new CommandProblem([`${reading.bad} lines could not be read, and --strict was given.`], EXIT.log);
  return EXIT.done;
}

function writeReport(path: string, simulation: Simulation): void {
  try {
    writeFileSync(path, reportPage(simulation));
  } catch (error) {
    if (isSystemError(error)) throw new CommandProblem([`--report ${path}: ${error.message}.`], EXIT.log);
    throw error;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

async function replayLog(
  options: SimulateOptions,
  terminal: Terminal,
): Promise<{ readonly reading: LogReading; readonly summary: ReplaySummary; readonly peakKeys: number }> {
  const { choice, addresses, top, columns, outcomes, delimiter, quotes, toleranceMs } = options;
  const replay = new Replay({ policies: choice.policies, addresses });
  const summary = new ReplaySummary({ top });
  const accept = (found: LogColumns) => missingParts(choice.policies, found);
  const log = new AttemptLog({ columns, outcomes, delimiter, quotes, toleranceMs, accept });
  const file = options.log === '-' ? null : createReadStream(options.log, { highWaterMark: 1 << 18 });
  const progress = startProgress(terminal, file && options.progress ? statSync(options.log).size : null);
  let attempts = 0;
  try {
    const reading = await log.read(file ?? terminal.stdin, (attempt) => {
      summary.add(replay.next(attempt));
      attempts += 1;
      if (attempts % PROGRESS_EVERY === 0) progress.update(file?.bytesRead ?? 0, attempts);
    });
    return { reading, summary, peakKeys: replay.keys.peak };
  } catch (error) {
    if (isSystemError(error)) throw new CommandProblem([`${options.log}: ${error.message}.`], EXIT.log);
    throw error;
  } finally {
    progress.stop();
  }
}

/** A policy that counts by what the log does not have would count nothing, silently. */
function missingParts(policies: readonly LockoutPolicy[], columns: LogColumns): readonly string[] {
  const has = (part: ScopePart): boolean => {
    if (part === 'account') return true;
    if (typeof part === 'string') return columns[part] !== null;
    return columns.custom.some(({ name }) => name === part.custom);
  };
  return policies
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, scope }) =>
      scope
        .filter((part) => !has(part))
        .map((part) => (typeof part === 'string' ? part : `custom:${part.custom}`))
        .map(
          (part) =>
            `"${name}" counts by ${part}, but the log has no such column: add it, or name it with --columns.`,
        ),
    );
}
