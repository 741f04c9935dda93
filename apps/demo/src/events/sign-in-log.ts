import { Injectable, Logger } from '@nestjs/common';
import { type Delivery, type LockoutEventOf, OnLockoutEvent } from 'nestjs-lockout';

/** Tells whoever watches the app's log that a guess may have been right, without telling whose account it is. */
@Injectable()
export class SignInLog {
  private readonly logger = new Logger('Sign-in');

  @OnLockoutEvent('succeeded-after-failures')
  write({ failures }: LockoutEventOf<'succeeded-after-failures'>, { facts }: Delivery): void {
    this.logger.warn(`Somebody got in after ${failures} failures in a row (policy ${facts.counter}).`);
  }
}
