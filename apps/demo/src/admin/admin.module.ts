import { Module } from '@nestjs/common';
import type { Request } from 'express';
import { LockoutAdminModule, type LockoutAdminOptions } from 'nestjs-lockout/admin';
import { CUSTOMERS, REALMS } from '../users/realm.js';
import type { User } from '../users/user.entity.js';
import { AdminGuard } from './admin.guard.js';
import { AdminAccessModule } from './admin-access.module.js';
import { isPermitted, supportOf } from './permissions.js';
import { UnlockRule } from './unlock-rule.js';

/** As the record of what was done calls an administrator: a username says who only together with its realm. */
function actorOf(request: Request): string {
  const { realm, username } = request.user as User;
  return realm === CUSTOMERS ? username : `${username} (${realm})`;
}

/** The library's admin API and console at /lockout, behind this app's own idea of an administrator. */
@Module({
  imports: [
    LockoutAdminModule.forRootAsync({
      imports: [AdminAccessModule],
      inject: [UnlockRule],
      useFactory: (unlockRule: UnlockRule): LockoutAdminOptions<Request> => ({
        guards: [AdminGuard],
        realms: REALMS,
        // A browser that comes to the console and is not signed in.
        signIn: '/',
        actor: actorOf,
        can: (action, realm, request) => isPermitted(request.user as User, action, realm),
        canUnlock: (account) => unlockRule.eligibilityOf(account),
        support: supportOf,
      }),
    }),
  ],
})
export class AdminModule {}
