// Runs every conformance test and prints one table. `--write` writes docs/conformance.md if all of it holds.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLUMNS, exceptionOf, page, plainTable } from './table.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const { systems } = JSON.parse(readFileSync(join(import.meta.dirname, 'catalogue.json'), 'utf8'));
const lines = systems.flatMap((system) => system.lines);
const IDS = /^(?:[A-Z][A-Z0-9]-\d+ )+/;
const PRESETS = ['out-systems', 'reach-five', 'one-welcome', 'authgear', 'contentstack'];
/** Suites of the console that show lines of the catalogue. */
const CONSOLE = ['out-systems', 'permissions', 'contentstack', 'caller'];

/**
 * PostgreSQL is not started: nothing here asks for it. That a server is missing is said below, as a missing column, and
 * not by the set-up, which gives up with `CI` set.
 */
const env = {
  ...process.env,
  CI: '',
  LOCKOUT_TEST_POSTGRES_URL: process.env['LOCKOUT_TEST_POSTGRES_URL'] ?? 'postgres://not-asked',
};

/** What jest found: `{ testResults }` as its JSON has it. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-conformance-'));
  const report = join(folder, 'report.json');
  try {
    const run = spawnSync(
      process.execPath,
      [
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        join('node_modules', 'jest', 'bin', 'jest.js'),
        '--selectProjects=unit',
        '--selectProjects=conformance',
        '--selectProjects=browser',
        '--testPathPatterns',
        `presets/(${PRESETS.join('|')})\\.spec|test/conformance/|test/browser/console/(${CONSOLE.join('|')})\\.`,
        '--json',
        `--outputFile=${report}`,
      ],
      { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    try {
      return JSON.parse(readFileSync(report, 'utf8'));
    } catch {
      throw new Error(`The tests did not run:\n${run.stderr}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In which column a test counts; null: in none, as the tests of the catalogue itself. */
function columnOf(file, { ancestorTitles }) {
  if (file.includes('/policy/presets/')) return 'rule';
  if (file.includes('/test/browser/console/')) return 'console';
  return COLUMNS.find((column) => ancestorTitles.some((title) => title.endsWith(` on ${column}`))) ?? null;
}

const shown = new Map();
const failures = [];
for (const { name: file, assertionResults, message } of runTests().testResults) {
  if (assertionResults.length === 0) failures.push(`${file}\n${message}`);
  for (const test of assertionResults) {
    const column = columnOf(file, test);
    if (test.status === 'failed') failures.push([test.fullName, ...test.failureMessages].join('\n'));
    for (const id of IDS.exec(test.title)?.[0].trim().split(' ') ?? []) {
      const key = `${id} ${column}`;
      shown.set(key, [...(shown.get(key) ?? []), test.status]);
      if (!lines.some((line) => line.id === id))
        failures.push(`${test.fullName}: the catalogue has no ${id}.`);
    }
  }
}

/** ✓ all its tests passed, ✗ one did not, ∅ there is none where one must be. */
function cell(line, column) {
  const statuses = shown.get(`${line.id} ${column}`);
  if (!statuses) {
    const exception = exceptionOf(line, column);
    return exception === null ? '∅' : exception === '' ? '' : '–';
  }
  return statuses.every((status) => status === 'passed') ? '✓' : '✗';
}

const wrong = COLUMNS.flatMap((column) =>
  lines.flatMap((line) => {
    const found = cell(line, column);
    return found === '✗' || found === '∅'
      ? [`${line.id} ${column}: ${found === '✗' ? 'fails' : 'has no test'}`]
      : [];
  }),
);
console.log(plainTable(systems, cell));
const reasons = new Map();
for (const { id, notAtTheRule } of lines) {
  if (notAtTheRule) reasons.set(notAtTheRule, [...(reasons.get(notAtTheRule) ?? []), id]);
}
console.log('\n✓ holds   ✗ fails   ∅ no test   – cannot be seen there:');
for (const [reason, ids] of reasons) console.log(`  ${ids.join(', ')}: ${reason}`);
for (const failure of failures) console.error(`\n${failure}`);

if (!lines.some((line) => shown.has(`${line.id} MariaDB`))) {
  console.error(
    '\nMariaDB was not there, so its column is empty: apt-get install mariadb-server, or set LOCKOUT_TEST_MYSQL_URL to a MariaDB.',
  );
}
if (!lines.some((line) => shown.get(`${line.id} console`)?.includes('passed'))) {
  console.error(
    '\nThe console was not opened: it needs Chromium (apt-get install chromium, or set LOCKOUT_TEST_CHROMIUM).',
  );
}
if (wrong.length > 0 || failures.length > 0) {
  console.error(`\nNot conformant:\n${[...new Set(wrong)].join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(`\n${lines.length} statements, every one shown in all its columns.`);
  if (process.argv.includes('--write')) {
    writeFileSync(join(ROOT, 'docs', 'conformance.md'), page(systems));
    console.log('Wrote docs/conformance.md.');
  }
}
