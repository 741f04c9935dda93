import { policyEntryLaws } from './policy-entry-laws.js';
import { policyListingLaws } from './policy-listing-laws.js';
import { policySavingLaws } from './policy-saving-laws.js';
import { type PolicyStoreUnderTest, policyStoreLawOf } from './policy-store-law.js';
import type { ContractRunner } from './port-law.js';
import type { StoreContractOptions } from './store-contract.js';

/**
 * Declares what every store of saved policies promises, as tests of `runner`: revisions are only added, and a save wins
 * iff it knew the latest one. `open` gives a store whose policies may be shared with other tests, as long as they do not
 * save at the same time: names are drawn at random.
 */
export function policyStoreContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<PolicyStoreUnderTest>,
  { callers = 16 }: StoreContractOptions = {},
): void {
  const law = policyStoreLawOf(runner, open);
  runner.describe(`the contract of saved policies: ${name}`, () => {
    policySavingLaws(law);
    policyListingLaws(law, callers);
    policyEntryLaws(law, callers);
  });
}
