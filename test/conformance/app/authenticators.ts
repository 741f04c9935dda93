import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  randomInt,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import type { MovingClock } from './moving-clock.js';

/** The ways to sign in beside the password. */
export const KINDS = ['otp', 'sms', 'totp', 'recovery-code', 'magic-link', 'passkey', 'social'] as const;
export type Kind = (typeof KINDS)[number];

const SIX_DIGITS = /^\d{6}$/;
const HEX = /^[0-9a-f]{64}$/;

/** What a credential of each kind looks like; anything else was never a guess (AG-3). */
export const FORMAT: Readonly<Record<Kind, RegExp>> = {
  otp: SIX_DIGITS,
  sms: SIX_DIGITS,
  totp: SIX_DIGITS,
  'recovery-code': /^[0-9a-f]{10}$/,
  'magic-link': HEX,
  passkey: /^[\w+/=]{88}$/,
  social: HEX,
};

/** Whether a sign-in of this kind starts with something sent: a code, a link, a challenge. */
export const isSent = (kind: Kind): boolean => ['otp', 'sms', 'magic-link', 'passkey'].includes(kind);

const TOTP_STEP_MS = 30_000;

/** DER in front of an Ed25519 seed. */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Really verifies each kind of credential, and plays the other side too: the phone, the app, the paper, the mailbox and
 * the security key of a person.
 */
export class Authenticators {
  private readonly secret = randomBytes(32);
  /** The last thing sent, by kind and person. */
  private readonly sent = new Map<string, string>();
  private readonly used = new Set<string>();

  constructor(private readonly clock: MovingClock) {}

  /** Sends what a sign-in of this kind starts with: a code, a link, a challenge. A new one replaces the last. */
  send(kind: Kind, person: string): void {
    const fresh =
      FORMAT[kind] === SIX_DIGITS ? sixDigits(randomInt(1_000_000)) : randomBytes(32).toString('hex');
    this.sent.set(`${kind} ${person}`, fresh);
  }

  /** Whether this is a credential of the person; each is good once, except the app's code within its half minute. */
  verify(kind: Kind, person: string, typed: string): boolean {
    if (kind === 'passkey') return this.verifyPasskey(person, typed);
    const right = this.expected(kind, person);
    if (right === null || !equal(right, typed)) return false;
    if (kind === 'recovery-code') this.used.add(right);
    this.sent.delete(`${kind} ${person}`);
    return true;
  }

  /** What the person would type now. */
  right(kind: Kind, person: string): string {
    if (kind !== 'passkey') return this.expected(kind, person) ?? '';
    const challenge = this.sent.get(`passkey ${person}`) ?? '';
    return sign(null, Buffer.from(challenge), this.securityKey(person)).toString('base64');
  }

  /** Of the same shape, and wrong. */
  wrong(kind: Kind, person: string): string {
    if (kind === 'passkey')
      return sign(null, Buffer.from('another'), this.securityKey(person)).toString('base64');
    const right = this.expected(kind, person) ?? '';
    if (FORMAT[kind] === SIX_DIGITS) return sixDigits((Number(right) + 1) % 1_000_000);
    const hex = createHash('sha256').update(right).digest('hex');
    return kind === 'recovery-code' ? hex.slice(0, 10) : hex;
  }

  private expected(kind: Kind, person: string): string | null {
    switch (kind) {
      case 'totp':
        return this.totp(person);
      case 'recovery-code':
        return this.recoveryCode(person);
      case 'social':
        // The assertion of an identity provider that shares a key with the application.
        return this.digest('social', person).toString('hex');
      default:
        return this.sent.get(`${kind} ${person}`) ?? null;
    }
  }

  /** RFC 6238: HMAC-SHA-1, half minutes, six digits. */
  private totp(person: string): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(this.clock.now() / TOTP_STEP_MS)));
    const mac = createHmac('sha1', this.digest('totp', person)).update(counter).digest();
    const offset = (mac.at(-1) ?? 0) & 15;
    return sixDigits((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000);
  }

  /** The first on the person's paper that is not used up. */
  private recoveryCode(person: string): string | null {
    for (let ordinal = 0; ordinal < 10; ordinal += 1) {
      const code = this.digest('recovery-code', `${person} ${ordinal}`).toString('hex').slice(0, 10);
      if (!this.used.has(code)) return code;
    }
    return null;
  }

  private verifyPasskey(person: string, typed: string): boolean {
    const challenge = this.sent.get(`passkey ${person}`);
    if (challenge === undefined) return false;
    const publicKey = createPublicKey(this.securityKey(person));
    return verify(null, Buffer.from(challenge), publicKey, Buffer.from(typed, 'base64'));
  }

  private securityKey(person: string): KeyObject {
    const seed = this.digest('passkey', person);
    return createPrivateKey({ key: Buffer.concat([ED25519, seed]), format: 'der', type: 'pkcs8' });
  }

  private digest(kind: string, subject: string): Buffer {
    return createHmac('sha256', this.secret).update(`${kind}\0${subject}`).digest();
  }
}

const sixDigits = (number: number): string => String(number).padStart(6, '0');

function equal(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
