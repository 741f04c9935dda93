import {
  applyDecorators,
  Controller,
  UseFilters,
  UseGuards,
  UseInterceptors,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { AdminGate } from './admin-gate.js';
import { IdempotencyInterceptor } from './idempotency/idempotency-interceptor.js';
import { ProblemFilter } from './problem-filter.js';

/**
 * A controller of the admin API, below `path`: behind the gate, with problems for answers and with calls that can be
 * repeated. Neutral to the application's versioning: the console and the terminal know one address only.
 */
export const AdminController = (path: string): ClassDecorator =>
  applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    UseGuards(AdminGate),
    UseFilters(ProblemFilter),
    UseInterceptors(IdempotencyInterceptor),
  );
