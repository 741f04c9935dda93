import { Column, Entity, PrimaryColumn } from 'typeorm';

export type Role = 'member' | 'admin';

/** Somebody who can sign in. */
@Entity('demo_user')
export class User {
  /** As stored, which is how the account is known everywhere else too; never changes. */
  @PrimaryColumn({ type: 'varchar', length: 64 })
  username!: string;

  @Column({ type: 'varchar' })
  email!: string;

  @Column({ type: 'varchar' })
  role!: Role;

  @Column({ name: 'password_hash', type: 'varchar' })
  passwordHash!: string;
}
