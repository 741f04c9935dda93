import type { AnswerStore } from '../store/answer-store.js';
import { answerKeepingLaws } from './answer-keeping-laws.js';
import { answerLifeLaws } from './answer-life-laws.js';
import {
  type ContractRunner,
  type OpenedPort,
  type PortLaw,
  type PortUnderTest,
  portLawOf,
} from './port-law.js';
import type { StoreContractOptions } from './store-contract.js';

export type AnswerStoreUnderTest = PortUnderTest<AnswerStore>;

/**
 * Declares what every store of answers promises, as tests of `runner`. `open` gives a store that may be shared with other
 * tests: ids are drawn at random. But a clock that `advance` moves is this suite's own.
 */
export function answerStoreContract(
  runner: ContractRunner,
  name: string,
  open: () => Promise<AnswerStoreUnderTest>,
  { callers = 16 }: StoreContractOptions = {},
): void {
  const law = portLawOf(runner, open);
  runner.describe(`the contract of kept answers: ${name}`, () => {
    answerKeepingLaws(law, callers);
    answerLifeLaws(law, callers);
  });
}

export type AnswerLaw = PortLaw<OpenedPort<AnswerStore>>;
