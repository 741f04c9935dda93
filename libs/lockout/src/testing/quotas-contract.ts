import type { Quotas } from '../store/quotas.js';
import type { ContractRunner } from './contract-law.js';
import { quotaTakingLaws } from './quota-taking-laws.js';
import { quotaWindowLaws } from './quota-window-laws.js';
import type { StoreContractOptions } from './store-contract.js';

export interface QuotasUnderTest {
  readonly store: Quotas;
  /** A second client of the same quotas, as another process would have; default: the same store. */
  readonly other?: Quotas;
  /** Moves the store's clock. Absent: what time does to windows is not checked. */
  readonly advance?: (ms: number) => void | Promise<void>;
  readonly close: () => Promise<void>;
}

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
  const law: QuotaLaw = (title, body) => {
    runner.it(title, async () => {
      const { store, other = store, advance = null, close } = await open();
      try {
        await body({ store, other, advance });
      } finally {
        await close();
      }
    });
  };
  runner.describe(`the contract of quotas: ${name}`, () => {
    quotaTakingLaws(law, callers);
    quotaWindowLaws(law, callers);
  });
}

export interface OpenedQuotas {
  readonly store: Quotas;
  readonly other: Quotas;
  readonly advance: ((ms: number) => void | Promise<void>) | null;
}

/** Declares one law as a test with a store of its own. */
export type QuotaLaw = (title: string, body: (opened: OpenedQuotas) => Promise<void>) => void;
