import {
  type CanActivate,
  type ExecutionContext,
  HttpException,
  HttpStatus,
  Inject,
  Injectable,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AdminGate } from '../admin-gate.js';
import { AdminGuards } from '../admin-guards.js';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from '../admin-options.js';
import type { AdminRequest } from '../admin-request.js';
import { CONSOLE_HEADERS } from './console-headers.js';
import { consolePath } from './console-path.js';
import { isNavigation, SignInFirst } from './sign-in.js';

/** How guards refuse; anything else that they throw is their trouble. */
const REFUSALS: readonly number[] = [HttpStatus.UNAUTHORIZED, HttpStatus.FORBIDDEN];

/** The same gate as the API's, which sends a browser to sign in that the guards refuse at the console's page. */
@Injectable()
export class ConsoleGate implements CanActivate {
  private readonly gate: AdminGate;

  constructor(
    @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
    @Inject(AdminGuards) guards: AdminGuards,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    this.gate = new AdminGate(guards, host);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    for (const [name, value] of Object.entries(CONSOLE_HEADERS)) {
      this.host.httpAdapter.setHeader(http.getResponse(), name, value);
    }
    const location = this.signInOf(http.getRequest<AdminRequest>());
    try {
      if (await this.gate.canActivate(context)) return true;
    } catch (error) {
      const isRefusal = error instanceof HttpException && REFUSALS.includes(error.getStatus());
      if (location === null || !isRefusal) throw error;
    }
    if (location !== null) throw new SignInFirst(location);
    return false;
  }

  /** Null: nowhere, or this is no page. */
  private signInOf(request: AdminRequest): string | null {
    const { console, signIn } = this.options;
    return console && isNavigation(request) && !consolePath(request) ? signIn : null;
  }
}
