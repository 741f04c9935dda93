import { type DirectoryUnderTest, directoryLawOf } from './directory-law.js';
import { erasureLaws } from './erasure-laws.js';
import { eventListLaws } from './event-list-laws.js';
import { housekeepingLaws } from './housekeeping-laws.js';
import { listingLaws } from './listing-laws.js';
import { populationLaws } from './population-laws.js';
import type { ContractRunner } from './port-law.js';
import { retentionLaws } from './retention-laws.js';
import { shapeLaws } from './shape-laws.js';

/** Declares what the administrators' side of a store promises. Each test works in a realm of its own. */
export function directoryContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<DirectoryUnderTest>,
): void {
  const law = directoryLawOf(runner, open);
  runner.describe(`the directory contract: ${name}`, () => {
    listingLaws(law);
    populationLaws(law);
    housekeepingLaws(law);
    eventListLaws(law);
    shapeLaws(law);
    erasureLaws(law);
    retentionLaws(law);
  });
}
