import type { UnlockLinkStore } from '../store/unlock-links.js';
import type { ContractRunner } from './contract-law.js';
import type { StoreContractOptions } from './store-contract.js';
import { unlockLinkLaws } from './unlock-link-laws.js';

export interface UnlockLinksUnderTest {
  readonly store: UnlockLinkStore;
  /** A second client of the same links, as another process would have; default: the same store. */
  readonly other?: UnlockLinkStore;
  /** Epoch ms on the store's clock. */
  readonly now: () => Promise<number>;
  /** Moves the store's clock. Absent: that links expire is not checked. */
  readonly advance?: (ms: number) => void | Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Declares what every store of unlock links promises, as tests of `runner`. `open` gives a store that may be shared with
 * other tests: digests are drawn at random. But a clock that `advance` moves is this suite's own.
 */
export function unlockLinksContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<UnlockLinksUnderTest>,
  { callers = 16 }: StoreContractOptions = {},
): void {
  const law: UnlockLinkLaw = (title, body) => {
    runner.it(title, async () => {
      const { store, other = store, now, advance = null, close } = await open();
      try {
        await body({ store, other, now, advance });
      } finally {
        await close();
      }
    });
  };
  runner.describe(`the contract of unlock links: ${name}`, () => unlockLinkLaws(law, callers));
}

export interface OpenedLinks {
  readonly store: UnlockLinkStore;
  readonly other: UnlockLinkStore;
  readonly now: () => Promise<number>;
  readonly advance: ((ms: number) => void | Promise<void>) | null;
}

/** Declares one law as a test with a store of its own. */
export type UnlockLinkLaw = (title: string, body: (opened: OpenedLinks) => Promise<void>) => void;
