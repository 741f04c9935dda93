import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Realm } from './realm.js';

/** Somebody's place in an organisation. */
@Entity('demo_membership')
export class Membership {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  realm!: Realm;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  username!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  organisation!: string;

  @Column({ type: 'varchar' })
  role!: 'member' | 'owner';
}
