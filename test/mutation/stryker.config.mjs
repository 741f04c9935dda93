/**
 * `npm run mutation`: how many small mistakes in the rule the tests of the rule notice. See docs/design/mutation.md.
 *
 * @type {import('@stryker-mutator/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'libs/lockout/src/policy/**/*.ts',
    '!libs/lockout/src/policy/**/*.spec.ts',
    '!libs/lockout/src/policy/**/index.ts',
  ],
  testRunner: 'rule',
  plugins: ['./test/mutation/rule-runner.mjs'],
  coverageAnalysis: 'perTest',
  // Constants that are read as a file is loaded (about one mutant in thirty) would each need every test.
  ignoreStatic: true,
  // The rule is types and swc strips them: a mutant that does not compile still runs, and is tried.
  disableTypeChecks: false,
  checkers: [],
  concurrency: 2,
  // Endless loops are found by their iterations; this is for machines that are busy with something else.
  timeoutMS: 15_000,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  ignorePatterns: [
    '/dist',
    '/libs/*/dist',
    '/docs',
    '/apps',
    '/api-docs',
    '/coverage',
    '/reports',
    '/.ci',
    '/data',
  ],
  reporters: ['progress-append-only', 'clear-text', 'json', 'html'],
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  htmlReporter: { fileName: 'reports/mutation/mutation.html' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  thresholds: { high: 98, low: 95, break: 95 },
  tempDirName: '.stryker-tmp',
};
