import type { RecordFacts } from './record.js';

/**
 * What is delivered in order: all events of one account; where there is none, of one address; otherwise of one record.
 * 64 hex digits.
 */
export function laneOf(key: string, { accountHash, addressHash }: RecordFacts): string {
  return accountHash ?? addressHash ?? key;
}
