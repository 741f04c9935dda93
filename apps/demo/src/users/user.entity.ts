import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MOMENT } from '../database/moment.js';
import type { Realm } from './realm.js';

/** What somebody may administer; see `admin/permissions.ts`. */
export type Role = 'member' | 'user-manager' | 'it-admin' | 'admin';

/** Somebody who can sign in. */
@Entity('demo_user')
export class User {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  realm!: Realm;

  /** As stored, which is how the account is known everywhere else too; never changes. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  username!: string;

  @Column({ type: 'varchar' })
  email!: string;

  @Column({ type: 'varchar' })
  role!: Role;

  @Column({ name: 'password_hash', type: 'varchar' })
  passwordHash!: string;

  /** When the last lock ends or ended; null: there was none. Mirrored from the lockout store, a moment later. */
  @Column({ name: 'lockout_end_date', ...MOMENT, nullable: true })
  lockoutEndDate!: number | null;
}
