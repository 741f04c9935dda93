declare const lockoutKey: unique symbol;

/** The name of one record: 32 bytes of HMAC-SHA-256 as 64 lower-case hex digits (R17). Built by {@link KeyRing} only. */
export type LockoutKey = string & { readonly [lockoutKey]: true };

declare const subjectHash: unique symbol;

/** Keyed hash of one account or one address; finds all its records (R18). 64 lower-case hex digits. */
export type SubjectHash = string & { readonly [subjectHash]: true };
