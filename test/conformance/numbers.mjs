// Turns every number of the five presets by one, up and down, in a copy, and runs the preset's tests against it: each
// must fail. Prints the survivors and exits 1 if there is one without a reason.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..', '..');
const PRESETS = join('libs', 'lockout', 'src', 'policy', 'presets');
const NAMES = ['out-systems', 'reach-five', 'one-welcome', 'authgear', 'contentstack'];

/** Changes that no input can tell from the original, and why: `<preset>: <line>: <from> → <to>`. None so far. */
const EQUIVALENT = new Map();

/** Every number that stands in a source: literals, and numbers within sentences. */
function numbersOf(path) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found = [];
  const visit = (node) => {
    if (ts.isNumericLiteral(node)) found.push({ start: node.getStart(), end: node.end });
    const isSentence = ts.isStringLiteral(node) && node.text.includes(' ');
    if (isSentence) {
      for (const match of node.getText().matchAll(/\d+/g)) {
        const start = node.getStart() + match.index;
        found.push({ start, end: start + match[0].length });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map(({ start, end }) => {
    const { line } = source.getLineAndCharacterOfPosition(start);
    return { path, start, end, text, at: `${path}:${line + 1}`, line: text.split('\n')[line].trim() };
  });
}

const mutants = NAMES.flatMap((name) =>
  numbersOf(join(PRESETS, `${name}.ts`)).flatMap((number) =>
    [1, -1].map((by) => {
      const { text, start, end } = number;
      const original = text.slice(start, end);
      const changed = String(Number(original.replaceAll('_', '')) + by);
      return {
        ...number,
        name,
        original,
        changed,
        mutated: text.slice(0, start) + changed + text.slice(end),
      };
    }),
  ),
);

/** A copy of what the presets' tests need. */
function copy() {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-numbers-'));
  for (const path of [
    'package.json',
    'tsconfig.json',
    'jest.config.js',
    'test/support',
    'libs/lockout/package.json',
  ]) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  }
  for (const path of ['policy', 'testing']) {
    const source = join('libs', 'lockout', 'src', path);
    cpSync(join(ROOT, source), join(folder, source), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const run = promisify(execFile);

/** Whether the tests of that preset pass in this copy. */
async function passes(folder, name) {
  const arguments_ = ['--selectProjects=unit', '--bail', '--testPathPatterns', `presets/${name}\\.spec`];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  try {
    await run(process.execPath, [...flags, join('node_modules', 'jest', 'bin', 'jest.js'), ...arguments_], {
      cwd: folder,
      maxBuffer: 1 << 26,
    });
    return true;
  } catch (error) {
    // Only tests that ran and failed are a verdict.
    if (/Tests: +.*failed/.test(String(error.stderr))) return false;
    if (/Test suite failed to run/.test(String(error.stderr))) return false;
    throw error;
  }
}

const survivors = [];
const queue = [...mutants];
async function work() {
  const folder = copy();
  try {
    for (const name of NAMES) {
      if (!(await passes(folder, name))) throw new Error(`The tests of ${name} fail as it is.`);
    }
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      writeFileSync(join(folder, mutant.path), mutant.mutated);
      if (await passes(folder, mutant.name)) survivors.push(mutant);
      writeFileSync(join(folder, mutant.path), mutant.text);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));

const describe = ({ at, line, original, changed }) => `${at}: ${original} → ${changed}   ${line}`;
const reasonOf = ({ name, line, original, changed }) =>
  EQUIVALENT.get(`${name}: ${line}: ${original} → ${changed}`);
const unexplained = survivors.filter((mutant) => !reasonOf(mutant));
for (const mutant of survivors) console.log(`${describe(mutant)}   ${reasonOf(mutant) ?? 'SURVIVED'}`);
console.log(
  `${mutants.length} changed numbers, ${mutants.length - survivors.length} found, ${survivors.length - unexplained.length} equivalent.`,
);
if (unexplained.length > 0) process.exitCode = 1;
