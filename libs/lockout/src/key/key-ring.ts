import { createHmac } from 'node:crypto';
import { InvalidSubjectError } from './invalid-subject-error.js';
import type { LockoutKey, SubjectHash } from './key.js';
import { KeySecretError } from './key-secret-error.js';

/** Shortest secret, in bytes: as long as what HMAC-SHA-256 puts out (RFC 2104, section 3). */
export const MIN_SECRET_BYTES = 32;

/** First text of what is hashed, one for each use, so that no hash of one use is ever one of another. */
const FORMAT = {
  key: 'lockout/1',
  account: 'lockout/1/account',
  address: 'lockout/1/address',
  tag: 'lockout/1/tag',
  quota: 'lockout/1/quota',
  fingerprint: 'lockout/1/fingerprint',
} as const;

/** Hex digits of a tag: 48 bits, to tell at most 16 addresses of one record apart. */
const TAG_LENGTH = 12;

/** What one record counts. All texts well-formed; realm from `normaliseRealm`, subject from `subjectParts`. */
export interface KeyParts {
  readonly realm: string;
  /** Immutable id of the policy's counter. */
  readonly counter: string;
  /** From `scopeName`. */
  readonly scope: string;
  readonly subject: readonly string[];
}

/**
 * Turns what is counted into keys and hashes that only the application's secret can make (P10, R17). The one place
 * where keys are built.
 */
export class KeyRing {
  readonly #current: Uint8Array;
  readonly #previous: readonly Uint8Array[];
  readonly #fingerprints: readonly string[];

  /**
   * @param secrets the current one, then those it replaced (R21). Strings count and are used as UTF-8. Each at least
   * {@link MIN_SECRET_BYTES} bytes, all different.
   * @throws {KeySecretError} naming all problems.
   */
  constructor(secrets: readonly (string | Uint8Array)[]) {
    const problems: string[] = [];
    const fingerprints: string[] = [];
    const bytes = (Array.isArray(secrets) ? secrets : []).flatMap((secret: unknown, index) => {
      const read = readSecret(secret);
      if (typeof read === 'string') {
        problems.push(`secrets[${index}] ${read}`);
        return [];
      }
      const fingerprint = hash(read, [FORMAT.fingerprint]);
      // By fingerprint, because HMAC takes some different bytes (trailing zeros) for the same secret.
      if (fingerprints.includes(fingerprint)) problems.push(`secrets[${index}] repeats an earlier one.`);
      fingerprints.push(fingerprint);
      return [read];
    });
    const [current, ...previous] = bytes;
    if (!current && problems.length === 0) problems.push('No secret was given.');
    if (!current || problems.length > 0) throw new KeySecretError(problems);
    this.#current = current;
    this.#previous = previous;
    this.#fingerprints = Object.freeze(fingerprints);
  }

  /**
   * The record's key under the current secret.
   * @throws {InvalidSubjectError} no subject, or a blank part of one: it would be everybody's key (pitfall 19).
   */
  key(parts: KeyParts): LockoutKey {
    return hash(this.#current, keyTexts(parts)) as LockoutKey;
  }

  /** The same key under each previous secret, newest first; empty unless secrets are being rotated. */
  previousKeys(parts: KeyParts): readonly LockoutKey[] {
    return this.#underPrevious(keyTexts(parts)) as readonly LockoutKey[];
  }

  /**
   * Finds all records of one account (R18).
   * @param account `subject` of an `Account`.
   */
  accountHash(realm: string, account: string): SubjectHash {
    return hash(this.#current, [FORMAT.account, realm, account]) as SubjectHash;
  }

  /** {@link accountHash} under each previous secret, newest first. */
  previousAccountHashes(realm: string, account: string): readonly SubjectHash[] {
    return this.#underPrevious([FORMAT.account, realm, account]) as readonly SubjectHash[];
  }

  /**
   * Finds all records of one address (R18).
   * @param address from `canonicalAddress`.
   */
  addressHash(realm: string, address: string): SubjectHash {
    return hash(this.#current, [FORMAT.address, realm, address]) as SubjectHash;
  }

  /** {@link addressHash} under each previous secret, newest first. */
  previousAddressHashes(realm: string, address: string): readonly SubjectHash[] {
    return this.#underPrevious([FORMAT.address, realm, address]) as readonly SubjectHash[];
  }

  /**
   * Short keyed name of an address inside a record: 12 hex digits. Tags made under a previous secret match nobody any
   * more, so what they contributed is forgotten only with the whole count (the strict side).
   */
  tag(realm: string, address: string): string {
    return hash(this.#current, [FORMAT.tag, realm, address]).slice(0, TAG_LENGTH);
  }

  /**
   * Id of what is counted in `Quotas`: so many of `use` for one subject. 64 hex digits; a new secret begins anew.
   * @param use what it counts, such as `mail/attempts`.
   */
  quotaId(use: string, realm: string, subject: string): string {
    return hash(this.#current, [FORMAT.quota, use, realm, subject]);
  }

  /**
   * One for each secret, current first, 64 hex digits, for the store to remember: nodes whose lists share none would
   * give every account a second budget (R21). Tells nothing about a random secret.
   */
  fingerprints(): readonly string[] {
    return this.#fingerprints;
  }

  #underPrevious(texts: readonly string[]): readonly string[] {
    return this.#previous.map((secret) => hash(secret, texts));
  }
}

function keyTexts({ realm, counter, scope, subject }: KeyParts): readonly string[] {
  if (subject.length === 0 || subject.includes('')) {
    throw new InvalidSubjectError('subject', 'blank', 'A key needs a subject without blank parts.');
  }
  return [FORMAT.key, realm, counter, scope, ...subject];
}

/** HMAC-SHA-256 over the texts, each with its length in bytes before it, so that no two lists read the same. */
function hash(secret: Uint8Array, texts: readonly string[]): string {
  let message = '';
  for (const text of texts) message += `${Buffer.byteLength(text)}:${text}`;
  return createHmac('sha256', secret).update(message, 'utf8').digest('hex');
}

/** A copy of the secret's bytes, or what is wrong with it, without quoting it. */
function readSecret(secret: unknown): Uint8Array | string {
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array))
    return 'is neither a string nor a Uint8Array.';
  const bytes = new Uint8Array(Buffer.from(secret));
  if (bytes.length >= MIN_SECRET_BYTES) return bytes;
  return `has ${bytes.length} bytes; at least ${MIN_SECRET_BYTES} are needed.`;
}
