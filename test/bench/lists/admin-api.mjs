import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LockoutModule } from 'nestjs-lockout';
import { LockoutAdminModule } from 'nestjs-lockout/admin';
import { POLICIES, REALMS, SECRET } from './population.mjs';

/**
 * The admin API on this store, on a port of its own.
 *
 * @param {any} store
 * @returns {Promise<{ url: string, close(): Promise<void> }>}
 */
export async function startAdminApi(store) {
  class Everybody {
    canActivate() {
      return true;
    }
  }
  class AppModule {}
  Module({
    imports: [
      LockoutModule.forRoot({
        store,
        secrets: [SECRET],
        policies: POLICIES,
        labels: true,
        sweepIntervalMs: 0,
      }),
      LockoutAdminModule.forRoot({
        guards: [Everybody],
        actor: () => 'the benchmark',
        can: () => true,
        realms: Object.values(REALMS),
      }),
    ],
  })(AppModule);
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
  await app.listen(0, '127.0.0.1');
  return { url: `${await app.getUrl()}/lockout`, close: () => app.close() };
}
