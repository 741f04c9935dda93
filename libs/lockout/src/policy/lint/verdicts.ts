import type { LockoutPolicy } from '../policy.js';
import { asvsVerdict } from './asvs-verdict.js';
import { nistVerdict } from './nist-verdict.js';
import { pciVerdict } from './pci-verdict.js';
import type { Verdict } from './verdict.js';

/** What each standard would say. */
export interface Verdicts {
  readonly nist: Verdict;
  readonly pci: Verdict;
  readonly asvs: Verdict;
}

/**
 * Whether policies that watch the same attempts meet the standards together: an attempt is refused if any of them
 * refuses it. About accounts and addresses that none of them exempts. Never throws.
 */
export const verdicts = (policies: readonly LockoutPolicy[]): Verdicts => ({
  nist: nistVerdict(policies),
  pci: pciVerdict(policies),
  asvs: asvsVerdict(policies),
});
