import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, MoreThan, Repository } from 'typeorm';
import type { Clock } from '../config/clock.js';
import { CLOCK } from '../config/config.module.js';
import { whenNotBusy } from '../database/busy.js';
import type { AccountName } from '../users/realm.js';
import { Challenge, type Purpose } from './challenge.entity.js';
import { ChallengeKeys, sameDigest } from './challenge-keys.js';

const MINUTE_MS = 60_000;
export const LIFE_MS: Readonly<Record<Purpose, number>> = {
  otp: 10 * MINUTE_MS,
  'magic-link': 15 * MINUTE_MS,
  'password-reset': 30 * MINUTE_MS,
};

const CODE_DIGITS = 6;
/**
 * One code survives so many wrong guesses, also where the policy does not count codes. With the ten mails an hour that
 * an account gets at most, a hundred guesses in a million. The count that locks is the account's, and a new code leaves
 * that as it is (pitfall 22).
 */
const GUESSES_PER_CODE = 10;
const TOKEN_BYTES = 32;

/** Codes and links that prove that somebody reads a mailbox. */
@Injectable()
export class Challenges {
  constructor(
    @InjectRepository(Challenge) private readonly challenges: Repository<Challenge>,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly keys: ChallengeKeys,
  ) {}

  /** A new six-digit code; the ones before it end. */
  async issueCode(owner: AccountName, address: string): Promise<string> {
    const id = randomUUID();
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
    await this.voidAll(owner, 'otp');
    await this.insert(id, 'otp', owner, address, this.codeDigest(id, code), GUESSES_PER_CODE);
    return code;
  }

  /** A new token of 256 random bits. */
  async issueToken(purpose: Purpose, owner: AccountName, address: string): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.insert(randomUUID(), purpose, owner, address, this.tokenDigest(purpose, token), 1);
    return token;
  }

  /** Uses the code up. The same statements run whether or not there is a code, or such a person. */
  async redeemCode({ realm, username }: AccountName, code: string): Promise<boolean> {
    const live = this.live('otp', { realm, username });
    // Charged before it is compared, so parallel guesses cannot share one.
    const charge = { ...live, guessesLeft: MoreThan(0) };
    const { affected } = await whenNotBusy(() => this.challenges.decrement(charge, 'guessesLeft', 1));
    const challenge = await this.challenges.findOne({ where: live, order: { createdAt: 'DESC' } });
    const id = challenge?.id ?? '';
    const expected = Buffer.from(challenge?.digest ?? '', 'hex');
    const right = sameDigest(this.codeDigest(id, code), expected);
    return right && (affected ?? 0) > 0 && this.use(id);
  }

  /** Whom the token would sign in now; null: it is unknown, used, void or expired. Uses nothing up. */
  ownerOf(purpose: Purpose, token: string): Promise<AccountName | null> {
    return this.find(purpose, token);
  }

  /** Uses the token up; null: somebody was faster, or {@link ownerOf} is null. */
  async redeemToken(purpose: Purpose, token: string): Promise<AccountName | null> {
    const challenge = await this.find(purpose, token);
    return challenge && (await this.use(challenge.id)) ? challenge : null;
  }

  /** Ends whatever was mailed to somebody and not used yet. */
  async voidAll({ realm, username }: AccountName, purpose?: Purpose): Promise<void> {
    const which = { realm, username, usedAt: IsNull(), ...(purpose && { purpose }) };
    await whenNotBusy(() => this.challenges.update(which, { usedAt: this.clock() }));
  }

  private find(purpose: Purpose, token: string): Promise<Challenge | null> {
    const digest = this.tokenDigest(purpose, token).toString('hex');
    return this.challenges.findOneBy(this.live(purpose, { digest }));
  }

  /** Of any number of parallel uses the database lets one through. */
  private async use(id: string): Promise<boolean> {
    const usedAt = this.clock();
    const { affected } = await whenNotBusy(() =>
      this.challenges.update({ id, usedAt: IsNull() }, { usedAt }),
    );
    return affected === 1;
  }

  private live<T extends object>(purpose: Purpose, by: T) {
    return { ...by, purpose, usedAt: IsNull(), expiresAt: MoreThan(this.clock()) };
  }

  private async insert(
    id: string,
    purpose: Purpose,
    { realm, username }: AccountName,
    address: string,
    digest: Buffer,
    guessesLeft: number,
  ): Promise<void> {
    const createdAt = this.clock();
    const expiresAt = createdAt + LIFE_MS[purpose];
    const row = {
      id,
      purpose,
      realm,
      username,
      address,
      digest: digest.toString('hex'),
      guessesLeft,
      createdAt,
      expiresAt,
    };
    await whenNotBusy(() => this.challenges.insert(row));
  }

  private codeDigest(id: string, code: string): Buffer {
    return this.keys.digest('otp', id, code);
  }

  private tokenDigest(purpose: Purpose, token: string): Buffer {
    return this.keys.digest(purpose, token);
  }
}
