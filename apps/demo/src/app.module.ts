import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LockoutModule, WebhookSink } from 'nestjs-lockout';
import { LockoutTypeormModule, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { AdminModule } from './admin/admin.module.js';
import { AuthModule } from './auth/auth.module.js';
import { type Clock, engineClock, systemClock } from './config/clock.js';
import { ConfigModule, DEMO_CONFIG } from './config/config.module.js';
import type { DemoConfig } from './config/demo-config.js';
import type { ListeningPlace } from './config/listening-place.js';
import { dataSourceOptions } from './database/data-source-options.js';
import { openDatabase } from './database/open-database.js';
import { EventsModule } from './events/events.module.js';
import { HealthController } from './http/health.controller.js';
import { PagesModule } from './pages/pages.module.js';
import { realmOf } from './users/realm.js';
import { Users } from './users/users.js';
import { UsersModule } from './users/users.module.js';

export interface AppOptions {
  readonly config: DemoConfig;
  /**
   * For tests: what the app and the lockout store take for the time; stands still until it is moved. Default: the
   * process's, and the database's.
   */
  readonly clock?: Clock;
}

@Module({})
export class AppModule {
  static register({ config, clock }: AppOptions, place: ListeningPlace): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.register(config, clock ?? systemClock, place),
        TypeOrmModule.forRootAsync({
          useFactory: () => dataSourceOptions(config.database),
          dataSourceFactory: async () => openDatabase(dataSourceOptions(config.database)),
        }),
        LockoutModule.forRootAsync({
          imports: [LockoutTypeormModule.forRoot(clock ? { clock } : {}), UsersModule],
          inject: [TypeormLockoutStore, Users, DEMO_CONFIG],
          useFactory: (
            store: TypeormLockoutStore,
            users: Users,
            { secrets, lockout, onStoreError, webhook }: DemoConfig,
          ) => ({
            store,
            secrets: [secrets.lockout],
            policies: lockout.policies,
            // The account as the database knows it, not the name as it was typed (R19).
            findAccount: async (username: string, request: unknown) =>
              (await users.find({ realm: realmOf(request), username }))?.username ?? null,
            // Administrators see names and addresses, and mails go to the owners of the names.
            labels: true,
            // Hashing takes a core for a while: of fifty people who sign in to one account at once the last waits
            // longer than the two seconds that suit a quick verification.
            waitMs: 10_000,
            onStoreError,
            sinks: webhook ? [new WebhookSink(webhook)] : [],
            ...(clock ? { clock: engineClock(clock) } : {}),
          }),
        }),
        UsersModule,
        AuthModule,
        AdminModule,
        EventsModule,
        PagesModule,
      ],
      controllers: [HealthController],
    };
  }
}
