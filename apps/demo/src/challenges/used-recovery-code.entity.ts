import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MOMENT } from '../database/moment.js';
import type { Realm } from '../users/realm.js';

/** Which of somebody's recovery codes are gone. */
@Entity('demo_used_recovery_code')
export class UsedRecoveryCode {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  realm!: Realm;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  username!: string;

  @PrimaryColumn({ type: 'integer' })
  ordinal!: number;

  @Column({ name: 'used_at', ...MOMENT })
  usedAt!: number;
}
