import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import { collectTests } from './collected-tests.mjs';

const SOURCES = 'libs/lockout/src';

/** Attacks that are walked through millisecond by millisecond: they run in `npm test`. */
const isTooSlow = (/** @type {string} */ spec) => spec.endsWith('-walk.spec.ts');
/** A minute once the code counts what it runs; what it is about is tried by another, too (`rule-warnings.spec.ts`). */
const TOO_SLOW = /locks without a maximum outlast every window/;

/** The later, the more cases or steps: most mutants are dead before it is their turn. */
const LATER = [
  /^policy\/lint/,
  /^policy\/(replay|lint-policy|lint\/(attack-w|best|guess|holding|lock-p|verdict))|(laws|bound|define-policy)\.spec\.ts$/,
  /no-cycle\.spec\.ts$/,
];
const turnOf = (/** @type {string} */ spec) => LATER.findLastIndex((pattern) => pattern.test(spec));

/** @type {import('@swc/core').Options} */
const swc = {
  module: { type: 'es6' },
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
};

/** What the specs import by other names. */
const STAND_INS = {
  '@jest/globals': new URL('./collected-tests.mjs', import.meta.url).href,
  'fast-check': new URL('./few-runs.js', import.meta.url).href,
};

/** Turns the rule and its specs into JavaScript, once; returns the specs, those with many cases last. */
function translated(/** @type {string} */ root) {
  const files = readdirSync(join(root, SOURCES), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /^(policy|testing)\/.*\.ts$/.test(file));
  // Each process its own: several share one folder of sources.
  const target = join(root, `.rule-${process.pid}`);
  const inTarget = (/** @type {string} */ file) => join(target, file.replace(/\.ts$/, '.js'));
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  for (const file of files) {
    let { code } = transformSync(readFileSync(join(root, SOURCES, file), 'utf8'), { ...swc, filename: file });
    for (const [name, url] of Object.entries(STAND_INS))
      code = code.replaceAll(new RegExp(`from (['"])${name}\\1`, 'g'), () => `from '${url}'`);
    mkdirSync(dirname(inTarget(file)), { recursive: true });
    writeFileSync(inTarget(file), code);
  }
  return files
    .filter((file) => /^policy\/.*\.spec\.ts$/.test(file) && !isTooSlow(file))
    .sort((a, b) => turnOf(a) - turnOf(b) || (a < b ? -1 : 1))
    .map((file) => ({ path: join(root, SOURCES, file), url: pathToFileURL(inTarget(file)).href }));
}

/**
 * A test runner for Stryker: one process loads the specs of the rule once. The rule is pure and keeps nothing from one
 * test to the next, so a mutant only has to be switched on, and its tests run until the first that fails: most mutants
 * cost milliseconds.
 *
 * @implements {import('@stryker-mutator/api/test-runner').TestRunner}
 */
class RuleRunner {
  #tests = [];
  #state = globalThis.__stryker__ ?? {};

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    globalThis.__stryker__ = this.#state;
    const collected = await collectTests(translated(process.cwd()));
    this.#tests = collected.filter(({ name }) => !TOO_SLOW.test(name));
  }

  async dryRun() {
    const state = this.#state;
    const tests = [];
    for (const test of this.#tests) {
      state.currentTestId = test.id;
      tests.push(await this.#result(test));
    }
    state.currentTestId = undefined;
    return { status: 'complete', tests, mutantCoverage: state.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const state = this.#state;
    const wanted = testFilter && new Set(testFilter);
    state.activeMutant = activeMutant.id;
    state.hitCount = hitLimit === undefined ? undefined : 0;
    state.hitLimit = hitLimit;
    let nrOfTests = 0;
    try {
      for (const test of this.#tests) {
        if (wanted && !wanted.has(test.id)) continue;
        nrOfTests += 1;
        const { status, id, failureMessage } = await this.#result(test);
        if (hitLimit !== undefined && state.hitCount > hitLimit)
          return { status: 'timeout', reason: `Hit limit reached (${state.hitCount}/${hitLimit})` };
        if (status !== 0) return { status: 'killed', killedBy: [id], failureMessage, nrOfTests };
      }
      return { status: 'survived', nrOfTests };
    } finally {
      state.activeMutant = undefined;
    }
  }

  async #result({ id, name, spec, run }) {
    const begin = performance.now();
    const told = { id, name, fileName: spec };
    try {
      await run();
      return { ...told, status: 0, timeSpentMs: Math.round(performance.now() - begin) };
    } catch (error) {
      const failureMessage = String(error?.stack ?? error);
      return { ...told, status: 1, failureMessage, timeSpentMs: Math.round(performance.now() - begin) };
    }
  }
}

const ruleRunner = () => new RuleRunner();
ruleRunner.inject = [];

export const strykerPlugins = [{ kind: 'TestRunner', name: 'rule', factory: ruleRunner }];
