import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { concatMap, type Observable } from 'rxjs';
import { signIn } from '../sessions/signing-in.js';
import type { User } from '../users/user.entity.js';
import { type Profile, profileOf } from '../users/users.js';

/**
 * Signs in whom the handler returns. It stands outside the lockout interceptor, so it runs after the attempt is
 * settled: a lock that was set meanwhile refuses also the right credential, and then there must be no session (R6).
 */
@Injectable()
export class SignInInterceptor implements NestInterceptor<User, Profile> {
  intercept(context: ExecutionContext, next: CallHandler<User>): Observable<Profile> {
    const request = context.switchToHttp().getRequest<Request>();
    return next.handle().pipe(
      concatMap(async (user) => {
        await signIn(request, user);
        return profileOf(user);
      }),
    );
  }
}
