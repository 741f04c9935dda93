import type { AnswerStore } from '../store/answer-store.js';
import { answerKeepingLaws } from './answer-keeping-laws.js';
import { answerLifeLaws } from './answer-life-laws.js';
import type { ContractRunner } from './contract-law.js';
import type { StoreContractOptions } from './store-contract.js';

export interface AnswerStoreUnderTest {
  readonly store: AnswerStore;
  /** A second client of the same answers, as another process would have; default: the same store. */
  readonly other?: AnswerStore;
  /** Moves the store's clock. Absent: what time does to claims and answers is not checked. */
  readonly advance?: (ms: number) => void | Promise<void>;
  readonly close: () => Promise<void>;
}

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
  const law: AnswerLaw = (title, body) => {
    runner.it(title, async () => {
      const { store, other = store, advance = null, close } = await open();
      try {
        await body({ store, other, advance });
      } finally {
        await close();
      }
    });
  };
  runner.describe(`the contract of kept answers: ${name}`, () => {
    answerKeepingLaws(law, callers);
    answerLifeLaws(law, callers);
  });
}

export interface OpenedAnswers {
  readonly store: AnswerStore;
  readonly other: AnswerStore;
  readonly advance: ((ms: number) => void | Promise<void>) | null;
}

/** Declares one law as a test with a store of its own. */
export type AnswerLaw = (title: string, body: (opened: OpenedAnswers) => Promise<void>) => void;
