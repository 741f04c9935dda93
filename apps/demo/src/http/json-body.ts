import { SetMetadata } from '@nestjs/common';
import type { ZodType } from 'zod';

export const JSON_BODY = Symbol('JSON_BODY');

/**
 * What the body of this handler has to be. Checked before any other guard, so what is malformed is refused before an
 * attempt is charged, and Passport reads what was checked (R20, R38).
 */
export const JsonBody = (schema: ZodType): MethodDecorator => SetMetadata(JSON_BODY, schema);
