import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Membership } from './membership.entity.js';
import { Memberships } from './memberships.js';
import { PasswordHasher } from './password-hasher.js';
import { Seeding } from './seeding.js';
import { User } from './user.entity.js';
import { Users } from './users.js';

@Module({
  imports: [TypeOrmModule.forFeature([User, Membership])],
  providers: [Users, Memberships, PasswordHasher, Seeding],
  exports: [Users, Memberships],
})
export class UsersModule {}
