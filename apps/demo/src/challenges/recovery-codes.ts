import { Inject, Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Clock } from '../config/clock.js';
import { CLOCK } from '../config/config.module.js';
import { whenNotBusy } from '../database/busy.js';
import { ChallengeKeys, sameDigest } from './challenge-keys.js';
import { UsedRecoveryCode } from './used-recovery-code.entity.js';

const CODES = 10;
/** Without 0, 1, I and O, which are misread. 32 letters, so every byte picks one evenly. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const LENGTH = 10;

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
  async list(username: string): Promise<readonly string[]> {
    return [...(await this.unused(username)).values()];
  }

  /** Uses the code up. Spaces, hyphens and case do not matter. `username` null: nobody; takes as long, never right. */
  async redeem(username: string | null, typed: string): Promise<boolean> {
    const guess = this.keys.digest('compare-recovery-codes', bare(typed));
    let match: number | null = null;
    for (const [ordinal, code] of await this.unused(username ?? '')) {
      if (sameDigest(this.keys.digest('compare-recovery-codes', bare(code)), guess)) match = ordinal;
    }
    return username !== null && match !== null && this.use(username, match);
  }

  private async unused(username: string): Promise<ReadonlyMap<number, string>> {
    const gone = new Set((await this.used.findBy({ username })).map(({ ordinal }) => ordinal));
    const codes = Array.from(
      { length: CODES },
      (_, ordinal) => [ordinal, this.code(username, ordinal)] as const,
    );
    return new Map(codes.filter(([ordinal]) => !gone.has(ordinal)));
  }

  private code(username: string, ordinal: number): string {
    const bytes = this.keys.digest('recovery-codes', username, String(ordinal)).subarray(0, LENGTH);
    const letters = Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('');
    return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
  }

  /** The row's primary key lets one of several parallel uses through. */
  private async use(username: string, ordinal: number): Promise<boolean> {
    try {
      await whenNotBusy(() => this.used.insert({ username, ordinal, usedAt: this.clock() }));
      return true;
    } catch (error) {
      if (await this.used.existsBy({ username, ordinal })) return false;
      throw error;
    }
  }
}
