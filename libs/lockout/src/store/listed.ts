import { toLabel } from './codec.js';
import type { LockedQuery } from './directory.js';
import type { RecordFacts } from './record.js';

/** Most bytes of a label by which records are searched and ordered; what is longer is compared whole. */
const LABEL_BYTES = 64;
/** Most bytes of {@link listedOf}. */
export const MAX_LISTED = LABEL_BYTES + 1;

/** First byte: in which lists a record is. */
const ACCOUNT = 'a';
const ADDRESS = 'd';
/** Neither an account's nor an address's alone. */
const UNLISTED = 'n';

/**
 * What a record is listed as: a byte for the list, then its label in lower case, as far as lists go by it. Bytes, so that
 * no collation of a database has a say in their order.
 */
export function listedOf(
  facts: Pick<RecordFacts, 'accountHash' | 'addressHash' | 'accountLabel' | 'addressLabel'>,
): Buffer {
  if (facts.accountHash !== null) return listed(ACCOUNT, facts.accountLabel);
  return facts.addressHash === null ? Buffer.from(UNLISTED) : listed(ADDRESS, facts.addressLabel);
}

/** Where the records of one list are, or those whose label begins so. */
export interface ListedRange {
  /** First bytes that belong to it. */
  readonly from: Buffer;
  /** First bytes that do not any more. */
  readonly to: Buffer;
  /** Whether it is wider than asked: labels have to be compared as well. */
  readonly isWider: boolean;
}

/** The range of {@link listedOf} that a list, or a search in it, is about. */
export function listedRange(of: LockedQuery['of'], labelPrefix = ''): ListedRange {
  const whole = Buffer.from(folded(labelPrefix));
  const from = listed(of === 'account' ? ACCOUNT : ADDRESS, labelPrefix);
  const to = Buffer.from(from);
  // UTF-8 has no byte 255, so the last one can always be raised.
  to[to.length - 1] = (to[to.length - 1] ?? 0) + 1;
  return { from, to, isWider: whole.length > LABEL_BYTES };
}

function listed(list: string, label: string | null): Buffer {
  return Buffer.from(list + folded(label ?? '')).subarray(0, MAX_LISTED);
}

/** As the label column takes it, in lower case. */
const folded = (label: string): string => (toLabel(label) ?? '').toLowerCase();
