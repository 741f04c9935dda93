import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Clock } from '../config/clock.js';
import { CLOCK } from '../config/config.module.js';
import { whenNotBusy } from '../database/busy.js';
import { type AccountName, CUSTOMERS } from '../users/realm.js';
import { ChallengeKeys, sameDigest } from './challenge-keys.js';
import { UsedRecoveryCode } from './used-recovery-code.entity.js';

const CODES = 10;
/** Without 0, 1, I and O, which are misread. 32 letters, so every byte picks one evenly. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 10;

const NOBODY: AccountName = { realm: CUSTOMERS, username: '' };

const bare = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase();

/**
 * Ten codes for each person, each good once. They follow from the app's secret, so that they can be shown again and are
 * stored nowhere; stored is which are used.
 */
@Injectable()
export class RecoveryCodes {
  constructor(
    @InjectRepository(UsedRecoveryCode) private readonly used: Repository<UsedRecoveryCode>,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly keys: ChallengeKeys,
  ) {}

  /** The codes that still work, as `XXXXX-XXXXX`. */
  async list(owner: AccountName): Promise<readonly string[]> {
    return [...(await this.unused(owner)).values()];
  }

  /** Uses the code up. Spaces, hyphens and case do not matter. `owner` null: nobody; takes as long, never right. */
  async redeem(owner: AccountName | null, typed: string): Promise<boolean> {
    const guess = this.keys.digest('compare-recovery-codes', bare(typed));
    let match: number | null = null;
    for (const [ordinal, code] of await this.unused(owner ?? NOBODY)) {
      if (sameDigest(this.keys.digest('compare-recovery-codes', bare(code)), guess)) match = ordinal;
    }
    return owner !== null && match !== null && this.use(owner, match);
  }

  private async unused({ realm, username }: AccountName): Promise<ReadonlyMap<number, string>> {
    const gone = new Set((await this.used.findBy({ realm, username })).map(({ ordinal }) => ordinal));
    const codes = Array.from(
      { length: CODES },
      (_, ordinal) => [ordinal, this.code({ realm, username }, ordinal)] as const,
    );
    return new Map(codes.filter(([ordinal]) => !gone.has(ordinal)));
  }

  private code({ realm, username }: AccountName, ordinal: number): string {
    // Without the realm where there was none when the first ones were printed: those still work.
    const whose = realm === CUSTOMERS ? [username] : [realm, username];
    const bytes = this.keys.digest('recovery-codes', ...whose, String(ordinal)).subarray(0, LENGTH);
    const letters = Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('');
    return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
  }

  /** The row's primary key lets one of several parallel uses through. */
  private async use({ realm, username }: AccountName, ordinal: number): Promise<boolean> {
    try {
      await whenNotBusy(() => this.used.insert({ realm, username, ordinal, usedAt: this.clock() }));
      return true;
    } catch (error) {
      if (await this.used.existsBy({ realm, username, ordinal })) return false;
      throw error;
    }
  }
}
