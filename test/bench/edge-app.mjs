import 'reflect-metadata';
import {
  Body,
  Controller,
  HttpCode,
  Injectable,
  Module,
  Post,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import { Lockout, LockoutModule } from 'nestjs-lockout';
import { LockoutStrategy } from 'nestjs-lockout/passport';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { MemoryLockoutStore } from 'nestjs-lockout/testing';
import { Strategy } from 'passport-local';

/** @typedef {{ username: string, password: string }} Credentials */

/** @param {Credentials} credentials */
function check({ username, password }) {
  if (password !== 'right') throw new UnauthorizedException();
  return { id: username };
}

const fields = {
  window: /** @type {const} */ ({ kind: 'idle', durationMs: minutes(15) }),
  schedule: /** @type {const} */ ({ kind: 'fixed', durationMs: minutes(15) }),
  threshold: 1_000_000,
};

/** The routes, each with the one that it is compared with. */
export const ROUTES = [
  { path: '/bare', title: 'handler', than: null },
  { path: '/guarded', title: 'handler with @Lockout(): guard and interceptor', than: '/bare' },
  { path: '/strategy', title: 'Passport strategy', than: null },
  { path: '/protected', title: 'Passport strategy with @LockoutStrategy()', than: '/strategy' },
];

/** A Nest application whose routes do nothing but tell a right password from a wrong one. */
export async function startEdgeApp() {
  class OpenStrategy extends PassportStrategy(Strategy, 'open') {
    /** @param {string} username @param {string} password */
    validate(username, password) {
      return check({ username, password });
    }
  }
  class ProtectedStrategy extends PassportStrategy(Strategy, 'protected') {
    /** @param {string} username @param {string} password */
    validate(username, password) {
      return check({ username, password });
    }
  }
  Injectable()(OpenStrategy);
  LockoutStrategy({ method: 'password' })(ProtectedStrategy);
  Injectable()(ProtectedStrategy);

  class SignIn {
    /** @param {Credentials} credentials */
    bare(credentials) {
      return check(credentials);
    }
    /** @param {Credentials} credentials */
    guarded(credentials) {
      return check(credentials);
    }
    strategy() {
      return {};
    }
    protected() {
      return {};
    }
  }
  const decorators = {
    bare: [],
    guarded: [Lockout({ method: 'password', identifier: ({ body }) => body['username'] })],
    strategy: [UseGuards(AuthGuard('open'))],
    protected: [UseGuards(AuthGuard('protected'))],
  };
  for (const [name, own] of Object.entries(decorators)) {
    const property = /** @type {PropertyDescriptor} */ (
      Object.getOwnPropertyDescriptor(SignIn.prototype, name)
    );
    for (const decorate of [Post(name), HttpCode(200), ...own]) {
      /** @type {MethodDecorator} */ (decorate)(SignIn.prototype, name, property);
    }
    Reflect.defineMetadata('design:paramtypes', [Object], SignIn.prototype, name);
  }
  for (const name of ['bare', 'guarded']) Body()(SignIn.prototype, name, 0);
  Controller()(SignIn);

  class EdgeModule {}
  Module({
    imports: [
      PassportModule,
      LockoutModule.forRoot({
        store: new MemoryLockoutStore(() => Date.now()),
        secrets: ['a secret of a benchmark, of more than thirty-two bytes'],
        policies: definePolicies([
          { name: 'account', scope: ['account'], ...fields },
          { name: 'address', scope: ['address'], ...fields },
        ]),
        findAccount: (identifier) => identifier,
      }),
    ],
    controllers: [SignIn],
    providers: [OpenStrategy, ProtectedStrategy],
  })(EdgeModule);
  const app = await NestFactory.create(EdgeModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address();
  return { port: /** @type {number} */ (port), close: () => app.close() };
}
