import { z } from 'zod';

/** What could forge a line of a log: controls, line and paragraph separators, and broken characters. */
export const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A short text that is not empty. `length`: most UTF-16 code units. */
export const printable = (length: number) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(length, `must be at most ${length} characters`)
    .refine((text) => !UNPRINTABLE.test(text), 'must not contain control or broken characters');
