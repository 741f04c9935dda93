import everything, { assert, check } from 'fast-check';

/**
 * fast-check, as mutants are judged by it: the same cases each time, so that a verdict is the same each time, few where
 * a property names no number, and none shrunk, for nobody reads them.
 */
const FEW = { numRuns: 40, seed: 20_260_101, endOnFailure: true };
const few = (wanted) => ({ ...FEW, ...wanted });

const judged = {
  ...everything,
  assert: (property, wanted) => assert(property, few(wanted)),
  check: (property, wanted) => check(property, few(wanted)),
  /** Laws ask how many cases they are tried on (`libs/lockout/src/testing/law.ts`). */
  readConfigureGlobal: () => FEW,
};
export default judged;
