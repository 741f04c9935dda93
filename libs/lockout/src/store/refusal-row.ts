import { integer } from './codec.js';
import type { RefusalCounts } from './node-registry.js';
import { StoreError } from './store-error.js';
import { decodeJson, encodeJson } from './stored-json.js';

/**
 * What a process refused, as it is stored: UTF-8 of JSON, the counts of a realm as one text to the base of 36, so that a
 * day of many realms fits. Null: it did not tell. Throws {@link StoreError} (`data`) for what cannot be stored.
 */
export function encodeRefusals(counts: RefusalCounts | undefined): Buffer | null {
  if (!counts) return null;
  const { from, sliceMs, realms } = counts;
  return encodeJson("A process's refusals", {
    from: integer('from', from),
    sliceMs: integer('sliceMs', sliceMs),
    realms: Object.fromEntries(
      Object.entries(realms).map(([realm, list]) => [
        realm,
        list.map((count) => counted(count).toString(36)).join(),
      ]),
    ),
  });
}

/** Reads what {@link encodeRefusals} wrote. Throws {@link StoreError} (`data`) for anything else. */
export function decodeRefusals(value: unknown): RefusalCounts | undefined {
  if (value === null) return undefined;
  const { from, sliceMs, realms } = decodeJson('refusals', value);
  if (typeof realms !== 'object' || realms === null || Array.isArray(realms)) throw damaged('realms');
  return {
    from: integer('from', from),
    sliceMs: integer('sliceMs', sliceMs),
    realms: Object.fromEntries(Object.entries(realms).map(([realm, list]) => [realm, countsOf(list)])),
  };
}

function countsOf(list: unknown): number[] {
  if (list === '') return [];
  if (typeof list !== 'string' || !/^[0-9a-z]{1,11}(,[0-9a-z]{1,11})*$/.test(list)) throw damaged('counts');
  return list.split(',').map((count) => counted(Number.parseInt(count, 36)));
}

function counted(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw damaged('counts');
}

function damaged(what: string): StoreError {
  return new StoreError('data', `A process's refusals have ${what} that cannot be`);
}
