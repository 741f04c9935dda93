import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { whenNotBusy } from '../database/busy.js';
import { PasswordHasher } from './password-hasher.js';
import { type Role, User } from './user.entity.js';

export const SEED_PASSWORD = 'correct horse battery staple';

export const SEED_USERS: Readonly<Record<string, Role>> = {
  alice: 'member',
  bob: 'member',
  carol: 'member',
  dave: 'member',
  erin: 'member',
  admin: 'admin',
};

/** The accounts to try. Those that exist are left as they are; instances that start together do not collide. */
@Injectable()
export class Seeding implements OnModuleInit {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly hasher: PasswordHasher,
  ) {}

  async onModuleInit(): Promise<void> {
    const existing = await this.users.findBy({ username: In(Object.keys(SEED_USERS)) });
    const missing = Object.entries(SEED_USERS).filter(
      ([name]) => !existing.some(({ username }) => username === name),
    );
    if (missing.length === 0) return;
    const rows = await Promise.all(
      missing.map(async ([username, role]) => ({
        username,
        role,
        email: `${username}@example.test`,
        passwordHash: await this.hasher.hash(SEED_PASSWORD),
      })),
    );
    await whenNotBusy(() => this.users.createQueryBuilder().insert().values(rows).orIgnore().execute());
  }
}
