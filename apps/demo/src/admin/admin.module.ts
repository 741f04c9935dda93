import { Module } from '@nestjs/common';
import type { Request } from 'express';
import { LockoutAdminModule } from 'nestjs-lockout/admin';
import { SessionsModule } from '../sessions/sessions.module.js';
import type { User } from '../users/user.entity.js';
import { AdminGuard } from './admin.guard.js';

/** The library's admin API at /lockout, behind this app's own idea of an administrator. */
@Module({
  imports: [
    SessionsModule,
    LockoutAdminModule.forRoot({
      guards: [AdminGuard],
      actor: (request: Request) => (request.user as User).username,
    }),
  ],
  providers: [AdminGuard],
})
export class AdminModule {}
