import {
  BadRequestException,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { ZodType } from 'zod';
import { JSON_BODY } from './json-body.js';
import { problem } from './problem.js';

/** Lets a handler marked with `@JsonBody` see nothing but the JSON it asked for. */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const schema = this.reflector.get<ZodType | undefined>(JSON_BODY, context.getHandler());
    if (!schema) return true;
    const request = context.switchToHttp().getRequest<Request>();
    // Forms can be posted from any page without asking; JSON cannot.
    if (!isEmpty(request) && !request.is('application/json')) {
      throw new UnsupportedMediaTypeException('Send JSON, with Content-Type: application/json.');
    }
    const parsed = schema.safeParse(request.body ?? {});
    if (!parsed.success) {
      const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
      throw new BadRequestException(problem(400, `${problems.join('; ')}.`, problems));
    }
    request.body = parsed.data;
    return true;
  }
}

/** Nothing was sent, and nothing announced. */
function isEmpty({ headers }: Request): boolean {
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return type === undefined && encoding === undefined && Number(length) === 0;
}
