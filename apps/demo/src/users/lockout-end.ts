import type { LockoutEnd } from 'nestjs-lockout';

/** The last moment that ISO 8601 can write with four digits: a lock without an end is always in the future. */
const INDEFINITE = Date.parse('9999-12-31T23:59:59.999Z');

/** Epoch ms; null: never locked. In the past: it is over. In the future: locked until then. */
export function momentOf(end: LockoutEnd): number | null {
  if (end === 'never') return null;
  return end === 'indefinite' ? INDEFINITE : end;
}
