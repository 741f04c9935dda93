import type { StoreError } from '../store/store-error.js';

/**
 * What is decided while the store does not answer. `deny`: nothing, nobody signs in. `allow`: attempts are let through
 * uncounted. `memory`: each process counts for itself, and brings it back to the store later.
 */
export type OnStoreError = 'deny' | 'allow' | 'memory';

/** Whether the store answers; `returning`: it does, and what was counted without it is being brought back. */
export type StoreState = 'answers' | 'gone' | 'returning';

/** The store went or came back: one event for each change. */
export type StoreStateEvent =
  /** It does not answer any more; from here on `mode` says what is decided. */
  | { readonly type: 'gone'; readonly mode: OnStoreError; readonly error: StoreError }
  /** It answers again, after so long. */
  | {
      readonly type: 'returned';
      readonly mode: OnStoreError;
      readonly goneForMs: number;
      /** Attempts that were let through uncounted meanwhile. */
      readonly uncounted: number;
      /** Records that were counted in this process and go back to the store now. */
      readonly toMerge: number;
    }
  /** All of them are there. */
  | { readonly type: 'merged'; readonly records: number };

/** One line for a log. Names nobody. */
export function describeStoreState(event: StoreStateEvent): string {
  switch (event.type) {
    case 'gone':
      return `The store does not answer (${event.error.message}): ${WHILE_GONE[event.mode]}.`;
    case 'returned': {
      const { goneForMs, uncounted, toMerge } = event;
      const through = uncounted > 0 ? `; ${uncounted} attempts were let through uncounted` : '';
      const merge = toMerge > 0 ? `; ${toMerge} records counted in this process go back to it` : '';
      return `The store answers again, after ${(goneForMs / 1000).toFixed(1)} s${through}${merge}.`;
    }
    case 'merged':
      return `What was counted without the store is in it: ${event.records} records.`;
    default:
      return event satisfies never;
  }
}

const WHILE_GONE: Readonly<Record<OnStoreError, string>> = {
  deny: 'nobody can sign in until it does',
  allow: 'ATTEMPTS ARE LET THROUGH UNCOUNTED until it does',
  memory: 'this process counts for itself until it does',
};
