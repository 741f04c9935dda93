import type { Quotas } from '../store/quotas.js';
import {
  type ContractRunner,
  type OpenedPort,
  type PortLaw,
  type PortUnderTest,
  portLawOf,
} from './port-law.js';
import { quotaTakingLaws } from './quota-taking-laws.js';
import { quotaWindowLaws } from './quota-window-laws.js';
import type { StoreContractOptions } from './store-contract.js';

export type QuotasUnderTest = PortUnderTest<Quotas>;

/**
 * Declares what every store of quotas promises, as tests of `runner`. `open` gives a store that may be shared with other
 * tests: ids are drawn at random. But a clock that `advance` moves is this suite's own.
 */
export function quotasContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<QuotasUnderTest>,
  { callers = 16 }: StoreContractOptions = {},
): void {
  const law = portLawOf(runner, open);
  runner.describe(`the contract of quotas: ${name}`, () => {
    quotaTakingLaws(law, callers);
    quotaWindowLaws(law, callers);
  });
}

export type QuotaLaw = PortLaw<OpenedPort<Quotas>>;
