import { outboxClaimLaws } from './outbox-claim-laws.js';
import { outboxDeadLaws } from './outbox-dead-laws.js';
import { outboxErasureLaws } from './outbox-erasure-laws.js';
import type { OutboxUnderTest } from './outbox-law.js';
import { outboxOrderLaws } from './outbox-order-laws.js';
import { outboxRecordingLaws } from './outbox-recording-laws.js';
import { type ContractRunner, portLawOf } from './port-law.js';
import type { StoreContractOptions } from './store-contract.js';

export interface OutboxContractOptions extends StoreContractOptions {
  /** What is delivered in order: the events of an account, or of each record alone. Default `account`. */
  readonly lanes?: 'account' | 'record';
}

/**
 * Declares what every outbox promises, as tests of `runner`. `open` gives a store that may be shared with other tests:
 * names of sinks are drawn at random. But a clock that `advance` moves is this suite's own.
 */
export function outboxContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<OutboxUnderTest>,
  { callers = 16, lanes = 'account' }: OutboxContractOptions = {},
): void {
  const law = portLawOf(runner, open);
  runner.describe(`the contract of the outbox: ${name}`, () => {
    outboxRecordingLaws(law);
    outboxClaimLaws(law, callers);
    outboxOrderLaws(law, callers, lanes);
    outboxDeadLaws(law);
    outboxErasureLaws(law, lanes);
  });
}
