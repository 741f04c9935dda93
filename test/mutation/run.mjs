import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * `npm run mutation`: tries the mutants, then writes docs/design/mutation.md and asks each survivor for its reason.
 * Arguments go to Stryker; with `-m` (a part of the rule) nothing is written.
 */
const wanted = process.argv.slice(2);
const config = join(import.meta.dirname, 'stryker.config.mjs');
const { status } = spawnSync('npx', ['stryker', 'run', config, ...wanted], { stdio: 'inherit' });
process.exitCode = status ?? 1;
const isWhole = !wanted.some((argument) => ['-m', '--mutate'].includes(argument));
// Stryker's report is there even where too many survive: who they are is what one wants to know then.
if (isWhole) await import('./report.mjs');
