import { applyDecorators, SetMetadata, UseGuards, UseInterceptors } from '@nestjs/common';
import { HANDLER_OPTIONS, type HttpInput, type LockoutHandlerOptions } from './handler-options.js';
import { LockoutGuard } from './lockout-guard.js';
import { LockoutInterceptor } from './lockout-interceptor.js';

/**
 * Protects a handler that verifies a credential itself, or all handlers of a class (a method's own wins): refused
 * while locked, charged before it runs, settled by its outcome.
 *
 * On a class it protects every route of it, and a 2xx of any of them is a success that clears the count: put it there only
 * if each one verifies the same credential (LCK015).
 *
 * ```ts
 * @Post('login')
 * @Lockout({ method: 'password', identifier: (request) => request.body.username })
 * login(@Body() credentials: CredentialsDto) { … }
 * ```
 * @throws TypeError at definition: no method, or neither `identifier` nor `account`.
 */
export function Lockout<I = HttpInput>(options: LockoutHandlerOptions<I>): ClassDecorator & MethodDecorator {
  if (!options.method) throw new TypeError('@Lockout() needs a method, for example { method: "password" }.');
  if (typeof (options.account ?? options.identifier) !== 'function') {
    throw new TypeError('@Lockout() needs identifier or account: it must know whose credential is verified.');
  }
  return applyDecorators(
    SetMetadata(HANDLER_OPTIONS, options),
    UseGuards(LockoutGuard),
    UseInterceptors(LockoutInterceptor),
  );
}
