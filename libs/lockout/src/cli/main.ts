#!/usr/bin/env node
import { runProgram } from './program.js';
import { EXIT } from './terminal.js';

// Whoever reads what is printed may stop reading: `| head` is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`The output cannot be written (${error.code ?? error.message}).\n`);
  process.exit(EXIT.unreachable);
});

process.exitCode = await runProgram(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  fetch: globalThis.fetch,
  now: Date.now,
  monotonic: () => performance.now(),
  // Linux and macOS through libuv: kibibytes.
  peakMemory: () => process.resourceUsage().maxRSS * 1024,
});
