import { integer } from '../store/codec.js';
import { CursorError, decodeCursor, encodeCursor } from '../store/cursor.js';
import type { StoredDelivery } from '../store/outbox.js';
import { StoreError } from '../store/store-error.js';
import { type DeliveryPlace, decodeDelivery } from './delivery-row.js';
import { positionText } from './event-trail.js';
import { bytesOf } from './redis-answer.js';

const LIST = 'deliveries';

/** Values that a script answers of each delivery, and of each that it claims. */
export const ANSWERED = 4;
const CLAIMED = 5;

/** A delivery, and where it is. */
export interface PlacedDelivery extends DeliveryPlace {
  readonly delivery: StoredDelivery;
}

/** The same as a script answered it. */
export interface AnsweredDelivery extends DeliveryPlace {
  /** An error: this release cannot read it. Null: its event is gone. */
  readonly delivery: StoredDelivery | StoreError | null;
}

interface ClaimedNow {
  /** Since when it was due, and the clock at the claim, epoch ms. */
  readonly due: number;
  readonly now: number;
}

export interface ClaimAnswer extends AnsweredDelivery, ClaimedNow {}

/** A delivery that was claimed. */
export interface ClaimedPlace extends PlacedDelivery, ClaimedNow {}

/**
 * How many to claim of each shard: of all that is due the longest due, among equals the oldest.
 *
 * @param all Since when each is due and its position, as one text.
 */
export function sharesOf(
  all: readonly { readonly shard: number; readonly due: readonly unknown[] }[],
  limit: number,
): ReadonlyMap<number, number> {
  const first = all
    .flatMap(({ shard, due }) => due.map((place) => ({ shard, place: String(bytesOf(place)) })))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, limit);
  const shares = new Map<number, number>();
  for (const { shard } of first) shares.set(shard, (shares.get(shard) ?? 0) + 1);
  return shares;
}

/** What a claim answers; see its script. */
export function claimedIn(shard: number, [clock, ...answer]: readonly unknown[]): ClaimAnswer[] {
  const now = integer('now', String(bytesOf(clock)));
  const found: ClaimAnswer[] = [];
  for (let n = 0; n < answer.length; n += CLAIMED) {
    const due = integer('dueAt', String(bytesOf(answer[n])));
    for (const answered of deliveriesIn(shard, answer.slice(n + 1, n + CLAIMED)))
      found.push({ ...answered, due, now });
  }
  return found;
}

/** Deliveries as scripts list them: {@link ANSWERED} values each. One that cannot be read hides none of the others. */
export function deliveriesIn(shard: number, answer: readonly unknown[]): AnsweredDelivery[] {
  const found: AnsweredDelivery[] = [];
  for (let n = 0; n < answer.length; n += ANSWERED) {
    const values = answer.slice(n, n + ANSWERED);
    const [position, sink] = values;
    found.push({
      shard,
      position: String(bytesOf(position)),
      sink: String(bytesOf(sink)),
      delivery: deliveryIn(shard, values),
    });
  }
  return found;
}

/** Whether it can be read here. */
export function isReadable(answered: AnsweredDelivery): answered is PlacedDelivery {
  return answered.delivery !== null && !(answered.delivery instanceof StoreError);
}

function deliveryIn(shard: number, values: readonly unknown[]): AnsweredDelivery['delivery'] {
  if (values.includes(null)) return null;
  try {
    return decodeDelivery(shard, values);
  } catch (error) {
    return StoreError.from(error, 'data');
  }
}

/** By position, then shard, then sink. */
export function oldestFirst(a: DeliveryPlace, b: DeliveryPlace): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  if (a.shard !== b.shard) return a.shard - b.shard;
  if (a.sink !== b.sink) return a.sink < b.sink ? -1 : 1;
  return 0;
}

/** Where a page ended. */
export function cursorOf({ shard, position, sink }: DeliveryPlace): string {
  const key = Buffer.alloc(2 + sink.length);
  key.writeUInt16BE(shard);
  key.write(sink, 2);
  return encodeCursor({ list: LIST, value: Number(position), key: key.toString('hex') });
}

/** Throws {@link CursorError} for what {@link cursorOf} cannot have made. */
export function placeOf(cursor: string): DeliveryPlace {
  const { value, key } = decodeCursor(LIST, cursor);
  const bytes = Buffer.from(key, 'hex');
  if (bytes.length < 3 || value < 0) throw new CursorError();
  return { position: positionText(value), shard: bytes.readUInt16BE(), sink: String(bytes.subarray(2)) };
}
