import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MOMENT } from '../database/moment.js';

/** A mail that would have been sent by a mail server. */
@Entity('demo_mail')
export class Mail {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  id!: string;

  @Column({ type: 'varchar' })
  recipient!: string;

  @Column({ type: 'varchar' })
  subject!: string;

  @Column({ type: 'text' })
  text!: string;

  @Column({ type: 'text' })
  html!: string;

  @Column(MOMENT)
  at!: number;
}
