import { RecordsChangedError, tagOfRecords } from '../engine/seen-records.js';
import type { LockoutRecord } from '../store/record.js';
import type { AdminRequest } from './admin-request.js';
import { headerOf } from './forgery.js';
import { Problem } from './problem.js';

/** A version as an entity tag: strong, and nothing but the number. */
const TAG = /^"(0|[1-9]\d{0,14})"$/;

/** The entity tag of a version. */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * The version that the administrator has seen.
 * @throws {Problem} 428 without `If-Match`; 400 for one that is no version in quotes.
 */
export function expectedVersion(request: AdminRequest): number {
  const tag = headerOf(request, 'if-match');
  if (tag === undefined) {
    throw new Problem(428, 'Say which version you change: If-Match with the ETag that was read.');
  }
  const [, version] = TAG.exec(tag.trim()) ?? [];
  if (version !== undefined) return Number(version);
  const message = 'must be a version in quotes, such as "3"';
  throw new Problem(400, `If-Match ${message}`, { errors: [{ path: 'If-Match', message }] });
}

/** One entity tag of a list: quoted, perhaps weak. */
const ANY_TAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/;

/** The entity tag of an account or address: it changes with each of its records. */
export const recordsTag = (records: readonly LockoutRecord[]): string => `"${tagOfRecords(records)}"`;

/**
 * The tags that the administrator has seen, without their quotes; null: none is asked for, or any will do (`*`). A weak
 * one never matches.
 * @throws {Problem} 400 for what is no list of tags.
 */
export function expectedTags(request: AdminRequest): readonly string[] | null {
  const header = headerOf(request, 'if-match');
  if (header === undefined || header.trim() === '*') return null;
  return header.split(',').flatMap((text) => {
    const [, weak, tag] = ANY_TAG.exec(text.trim()) ?? [];
    if (tag !== undefined) return weak ? [] : [tag];
    const message = 'must be the ETag that was read, in quotes, or *';
    throw new Problem(400, `If-Match ${message}`, { errors: [{ path: 'If-Match', message }] });
  });
}

const changed = (): Problem => new Problem(412, new RecordsChangedError().message);

/** @throws {Problem} 412: these are not the records that were seen. */
export function requireSeen(tags: readonly string[], records: readonly LockoutRecord[]): void {
  if (!tags.includes(tagOfRecords(records))) throw changed();
}

/** @throws {Problem} 412: they were changed between that look and the swap. */
export async function unlessChanged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof RecordsChangedError ? changed() : error;
  }
}
