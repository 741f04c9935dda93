import type { LockoutStore } from '../store/lockout-store.js';
import type { Law, StoreUnderTest } from './contract-law.js';
import { eventLaws } from './event-laws.js';
import { type ContractRunner, portLawOf } from './port-law.js';
import { raceLaws } from './race-laws.js';
import { swapLaws } from './swap-laws.js';

export interface StoreContractOptions {
  /** How many swap the same record at once. Default 64. */
  readonly callers?: number;
}

/**
 * Declares what every store promises, as tests of `runner`: swaps win or lose as a whole on the record's version,
 * whatever else runs. `open` gives a store whose records may be shared with other tests: keys are drawn at random.
 */
export function lockoutStoreContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<StoreUnderTest>,
  { callers = 64 }: StoreContractOptions = {},
): void {
  const law: Law = portLawOf<LockoutStore, Pick<StoreUnderTest, 'audit' | 'directory'>>(runner, open);
  runner.describe(`the store contract: ${name}`, () => {
    swapLaws(law);
    eventLaws(law);
    raceLaws(law, callers);
  });
}
