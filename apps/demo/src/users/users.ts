import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { whenNotBusy } from '../database/busy.js';
import { PasswordHasher } from './password-hasher.js';
import type { AccountName } from './realm.js';
import { User } from './user.entity.js';

/** What others may know about somebody who signed in. */
export interface Profile extends AccountName {
  readonly email: string;
  readonly role: string;
}

export const profileOf = ({ realm, username, email, role }: User): Profile => ({
  realm,
  username,
  email,
  role,
});

@Injectable()
export class Users {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Who is meant by what was typed. The database decides with its own collation, and may take `álice` for alice; so
   * whatever is counted must be counted for the account that comes back, never for the text (R19).
   */
  find({ realm, username }: AccountName): Promise<User | null> {
    return this.users.findOneBy({ realm, username: username.normalize('NFKC').toLowerCase().trim() });
  }

  /** The account if the password is its own, else null; takes as long for names that nobody has. */
  async verifyPassword(typed: AccountName, password: string): Promise<User | null> {
    const user = await this.find(typed);
    const right = await this.hasher.verify(user?.passwordHash ?? null, password);
    return right ? user : null;
  }

  hashPassword(password: string): Promise<string> {
    return this.hasher.hash(password);
  }

  async storePasswordHash({ realm, username }: AccountName, passwordHash: string): Promise<void> {
    await whenNotBusy(() => this.users.update({ realm, username }, { passwordHash }));
  }

  async storeLockoutEnd({ realm, username }: AccountName, lockoutEndDate: number | null): Promise<void> {
    await whenNotBusy(() => this.users.update({ realm, username }, { lockoutEndDate }));
  }
}
