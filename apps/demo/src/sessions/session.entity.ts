import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MOMENT } from '../database/moment.js';
import type { Realm } from '../users/realm.js';

/** A signed-in browser. */
@Entity('demo_session')
export class SessionRow {
  /** SHA-256 of the session id: who reads the table cannot take over a session. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  id!: string;

  @Column({ type: 'varchar', length: 64 })
  realm!: Realm;

  /** Whose; blank before anybody signed in. */
  @Column({ type: 'varchar', length: 64 })
  username!: string;

  @Column({ type: 'text' })
  data!: string;

  @Column({ name: 'expires_at', ...MOMENT })
  expiresAt!: number;
}
