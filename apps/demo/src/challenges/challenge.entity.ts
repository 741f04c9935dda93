import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MOMENT } from '../database/moment.js';
import type { Realm } from '../users/realm.js';

/** What a mail was sent for. */
export type Purpose = 'otp' | 'magic-link' | 'password-reset';

/** A code or link that was mailed; good for one use until it expires. */
@Entity('demo_challenge')
export class Challenge {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  id!: string;

  @Column({ type: 'varchar', length: 64 })
  purpose!: Purpose;

  @Column({ type: 'varchar', length: 64 })
  realm!: Realm;

  @Column({ type: 'varchar', length: 64 })
  username!: string;

  /** Keyed hash of the code or token, which itself is kept nowhere. */
  @Column({ type: 'varchar', length: 64 })
  digest!: string;

  /** Where it was asked for from: the mail budget of that address. */
  @Column({ type: 'varchar', length: 64 })
  address!: string;

  /** Wrong guesses it still survives; only codes can be guessed at all. */
  @Column({ name: 'guesses_left', type: 'integer' })
  guessesLeft!: number;

  @Column({ name: 'created_at', ...MOMENT })
  createdAt!: number;

  @Column({ name: 'expires_at', ...MOMENT })
  expiresAt!: number;

  @Column({ name: 'used_at', ...MOMENT, nullable: true })
  usedAt!: number | null;
}
