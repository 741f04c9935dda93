import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminGuard } from './admin.guard.js';
import { UnlockRule } from './unlock-rule.js';

/** Who is an administrator, and whom they may unlock. */
@Module({
  imports: [SessionsModule, UsersModule],
  providers: [AdminGuard, UnlockRule],
  exports: [UnlockRule],
})
export class AdminAccessModule {}
