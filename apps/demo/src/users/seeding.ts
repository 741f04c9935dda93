import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { whenNotBusy } from '../database/busy.js';
import { Membership } from './membership.entity.js';
import { PasswordHasher } from './password-hasher.js';
import { STAFF } from './realm.js';
import { SEED_PASSWORD, SEEDS, type Seed } from './seeds.js';
import { User } from './user.entity.js';

/** The accounts to try. Those that exist are left as they are; instances that start together do not collide. */
@Injectable()
export class Seeding implements OnModuleInit {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    @InjectRepository(Membership) private readonly memberships: Repository<Membership>,
    private readonly hasher: PasswordHasher,
  ) {}

  async onModuleInit(): Promise<void> {
    const existing = await this.users.findBy(SEEDS.map(({ realm, username }) => ({ realm, username })));
    const isMissing = ({ realm, username }: Seed): boolean =>
      !existing.some((user) => user.realm === realm && user.username === username);
    const missing = SEEDS.filter(isMissing);
    if (missing.length === 0) return;
    // Hashed once, as the start should be quick. It tells that they have one password, which the announcement prints.
    const passwordHash = await this.hasher.hash(SEED_PASSWORD);
    const memberships = missing.flatMap(({ realm, username, organisations }) =>
      Object.entries(organisations).map(([organisation, role]) => ({ realm, username, organisation, role })),
    );
    // First, as it is the accounts that say what is missing: whoever can sign in has them.
    if (memberships.length > 0) {
      const insertion = this.memberships.createQueryBuilder().insert().values(memberships).orIgnore();
      await whenNotBusy(() => insertion.execute());
    }
    const rows = missing.map(({ realm, username, role }) => ({
      realm,
      username,
      role,
      email: `${username}@${realm === STAFF ? 'staff.example.test' : 'example.test'}`,
      passwordHash,
    }));
    await whenNotBusy(() => this.users.createQueryBuilder().insert().values(rows).orIgnore().execute());
  }
}
