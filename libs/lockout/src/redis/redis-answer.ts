import { integer } from '../store/codec.js';
import { StoreError } from '../store/store-error.js';

/** A list in a script's answer. Throws {@link StoreError} (`data`) when it is none. */
export function listOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  throw new StoreError('data', `A lockout script answered ${typeof answer}, not a list`);
}

/** Bytes in a script's answer. Throws {@link StoreError} (`data`) when it is none. */
export function bytesOf(answer: unknown): Buffer {
  if (Buffer.isBuffer(answer)) return answer;
  throw new StoreError('data', `A lockout script answered ${typeof answer}, not bytes`);
}

/** The server's clock in epoch ms, from the two values of TIME. */
export function clockOf(seconds: unknown, microseconds: unknown): number {
  return (
    integer('clock', String(bytesOf(seconds))) * 1000 +
    Math.floor(integer('clock', String(bytesOf(microseconds))) / 1000)
  );
}

/**
 * What all the parts answered. Rejects when one of them did not: with `timeout` where others did, so that the caller tries
 * the keys apart and only those of the shards in trouble are refused (R31).
 */
export async function allOf<T>(parts: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(parts);
  const answers = settled.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
  if (answers.length === parts.length) return answers;
  const errors = settled.flatMap((part) =>
    part.status === 'rejected' ? [StoreError.from(part.reason)] : [],
  );
  const worst = errors.find(({ fault }) => fault === 'data') ?? errors[0];
  if (!worst || worst.fault === 'data' || answers.length === 0) throw worst;
  throw new StoreError('timeout', `${errors.length} of ${parts.length} lockout shards did not answer`, {
    cause: worst,
  });
}
