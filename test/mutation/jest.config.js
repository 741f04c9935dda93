import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import everything from '../../jest.config.js';

const unit = everything.projects.find((project) => project.displayName === 'unit');

/** The specs of the rule, in one file and so in one module registry: a mutant costs a fraction of a second. */
export default {
  ...unit,
  displayName: 'mutation',
  rootDir: '../..',
  testMatch: ['<rootDir>/test/mutation/rule-suite.ts'],
  testEnvironment: join(import.meta.dirname, 'first-failure-environment.cjs'),
  moduleNameMapper: {
    ...unit.moduleNameMapper,
    '^fast-check$': '<rootDir>/test/mutation/few-runs.js',
    '^fast-check-itself$': fileURLToPath(import.meta.resolve('fast-check')),
  },
  testTimeout: 20_000,
};
