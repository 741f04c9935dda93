import type { UnlockLinkStore } from '../store/unlock-links.js';
import {
  type ContractRunner,
  type OpenedPort,
  type PortLaw,
  type PortUnderTest,
  portLawOf,
} from './port-law.js';
import type { StoreContractOptions } from './store-contract.js';
import { unlockLinkLaws } from './unlock-link-laws.js';

export interface UnlockLinksUnderTest extends PortUnderTest<UnlockLinkStore> {
  /** Epoch ms on the store's clock. */
  readonly now: () => Promise<number>;
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
  const law = portLawOf<UnlockLinkStore, Pick<UnlockLinksUnderTest, 'now'>>(runner, open);
  runner.describe(`the contract of unlock links: ${name}`, () => unlockLinkLaws(law, callers));
}

export type UnlockLinkLaw = PortLaw<OpenedPort<UnlockLinkStore> & Pick<UnlockLinksUnderTest, 'now'>>;
