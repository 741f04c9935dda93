import { Module } from '@nestjs/common';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Clock } from '../config/clock.js';
import { CLOCK } from '../config/config.module.js';
import { UsersModule } from '../users/users.module.js';
import { SessionRow } from './session.entity.js';
import { SessionGuard } from './session.guard.js';
import { SessionPruner } from './session-pruner.js';
import { DatabaseSessionStore } from './session-store.js';

@Module({
  imports: [TypeOrmModule.forFeature([SessionRow]), UsersModule],
  providers: [
    {
      provide: DatabaseSessionStore,
      inject: [getRepositoryToken(SessionRow), CLOCK],
      useFactory: (rows: Repository<SessionRow>, clock: Clock) => new DatabaseSessionStore(rows, clock),
    },
    SessionGuard,
    SessionPruner,
  ],
  exports: [DatabaseSessionStore, SessionGuard, UsersModule],
})
export class SessionsModule {}
