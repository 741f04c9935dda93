import { type CustomDecorator, SetMetadata } from '@nestjs/common';

export const CHANGES_NOTHING = Symbol('nestjs-lockout changes nothing');

/** A `POST` that only asks: there is no answer to keep, an `Idempotency-Key` means nothing. */
export const ChangesNothing = (): CustomDecorator<symbol> => SetMetadata(CHANGES_NOTHING, true);
