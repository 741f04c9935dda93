import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AdminGuards } from './admin-guards.js';
import type { AdminRequest } from './admin-request.js';
import { refuseForgery } from './forgery.js';

/** The way into every call of the admin API: the application's guards in order, then what no other site can send. */
@Injectable()
export class AdminGate implements CanActivate {
  constructor(
    @Inject(AdminGuards) private readonly guards: AdminGuards,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { httpAdapter } = this.host;
    // Here, so that refusals of the guards carry them too.
    httpAdapter.setHeader(http.getResponse(), 'Cache-Control', 'no-store');
    httpAdapter.setHeader(http.getResponse(), 'X-Content-Type-Options', 'nosniff');
    // No other site loads it as a script or an image, lest its bytes come into that site's process.
    httpAdapter.setHeader(http.getResponse(), 'Cross-Origin-Resource-Policy', 'same-origin');
    if (!(await this.guards.admit(context))) return false;
    refuseForgery(http.getRequest<AdminRequest>());
    return true;
  }
}
