import type { ColumnValue } from '../store/codec.js';
import { StoreError } from '../store/store-error.js';

/** First byte of every row: what a release does not know, it does not read. */
const FORMAT = 1;

const NULL = 0;
const INTEGER = 1;
const NEGATIVE = 2;
const TEXT = 3;
const BYTES = 4;

/**
 * A row as one string of bytes: a format number, then each value behind a byte that says its kind. Integers take seven
 * bits a byte, text and bytes their length before them.
 */
export function packRow(values: readonly ColumnValue[]): Buffer {
  const parts: Uint8Array[] = [];
  const bytes: number[] = [FORMAT];
  for (const value of values) {
    if (value === null) bytes.push(NULL);
    else if (typeof value === 'number') {
      bytes.push(value < 0 ? NEGATIVE : INTEGER);
      pushInteger(bytes, Math.abs(value));
    } else {
      const content = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      bytes.push(typeof value === 'string' ? TEXT : BYTES);
      pushInteger(bytes, content.length);
      parts.push(Uint8Array.from(bytes.splice(0)), content);
    }
  }
  return Buffer.concat([...parts, Uint8Array.from(bytes)]);
}

/** The reverse of {@link packRow}. Throws {@link StoreError} (`data`) for anything that it cannot have written. */
export function unpackRow(packed: Buffer, fields: number): ColumnValue[] {
  if (packed[0] !== FORMAT) throw corrupt(`format ${packed[0] ?? 'none'}`);
  const values: ColumnValue[] = [];
  let at = 1;
  const integer = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = packed[at];
      if (byte === undefined || factor > Number.MAX_SAFE_INTEGER) throw corrupt('an integer without end');
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const content = (): Buffer => {
    const length = integer();
    if (at + length > packed.length) throw corrupt('cut off');
    at += length;
    return packed.subarray(at - length, at);
  };
  while (at < packed.length) {
    const kind = packed[at];
    at += 1;
    switch (kind) {
      case NULL:
        values.push(null);
        break;
      case INTEGER:
        values.push(integer());
        break;
      case NEGATIVE:
        values.push(-integer());
        break;
      case TEXT:
        values.push(content().toString('utf8'));
        break;
      case BYTES:
        values.push(content());
        break;
      default:
        throw corrupt(`kind ${kind}`);
    }
  }
  if (values.length !== fields) throw corrupt(`${values.length} values, not ${fields}`);
  return values;
}

function pushInteger(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

function corrupt(what: string): StoreError {
  return new StoreError('data', `A stored lockout row is not readable (${what})`);
}
