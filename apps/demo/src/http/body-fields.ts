import { z } from 'zod';
import { MAX_PASSWORD_BYTES } from '../users/password-hasher.js';
import { CUSTOMERS, REALMS } from '../users/realm.js';

/** Longest name that is looked up at all: a mail address. */
const MAX_NAME_LENGTH = 320;
const MAX_CODE_LENGTH = 64;
const MAX_TOKEN_LENGTH = 128;
const MIN_PASSWORD_LENGTH = 8;

const text = z.string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') });

/** Half of a character: no database holds it, and a hash would not tell one from another. */
const LONE_SURROGATE = /\p{Cs}/u;

/** Text that every database can hold: Unicode without halves of characters or control characters. */
const printable = text
  .refine((value) => !LONE_SURROGATE.test(value), { error: 'is not valid Unicode', abort: true })
  .refine((value) => !/\p{Cc}/u.test(value), { error: 'must not contain control characters', abort: true });

const filled = printable.refine((value) => value.trim() !== '', { error: 'must not be blank', abort: true });

export const realmField = z.enum(REALMS, { error: `must be one of ${REALMS.join(', ')}` }).default(CUSTOMERS);

export const usernameField = filled.refine((value) => value.length <= MAX_NAME_LENGTH, {
  error: `must not be longer than ${MAX_NAME_LENGTH} characters`,
});

export const passwordField = text
  .refine((value) => !LONE_SURROGATE.test(value) && !value.includes('\0'), {
    error: 'is not valid Unicode',
    abort: true,
  })
  .refine((value) => value.trim() !== '', { error: 'must not be blank', abort: true })
  .refine((value) => Buffer.byteLength(value) <= MAX_PASSWORD_BYTES, {
    error: `must not be longer than ${MAX_PASSWORD_BYTES} bytes`,
  });

export const newPasswordField = passwordField.refine((value) => value.length >= MIN_PASSWORD_LENGTH, {
  error: `must have at least ${MIN_PASSWORD_LENGTH} characters`,
});

/** Anything else is a typing error and no attempt (AG-3). */
export const otpField = filled
  .transform((value) => value.replaceAll(/\s/g, ''))
  .refine((value) => /^\d{6}$/.test(value), { error: 'must be six digits' });

export const recoveryCodeField = filled.refine((value) => value.length <= MAX_CODE_LENGTH, {
  error: `must not be longer than ${MAX_CODE_LENGTH} characters`,
});

export const tokenField = filled.refine((value) => value.length <= MAX_TOKEN_LENGTH, {
  error: `must not be longer than ${MAX_TOKEN_LENGTH} characters`,
});
