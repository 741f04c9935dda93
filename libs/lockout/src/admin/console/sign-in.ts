import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { AdminRequest } from '../admin-request.js';
import { headerOf } from '../forgery.js';

const SEE_OTHER = 303;

/** Thrown instead of a refusal of the guards: a person shall sign in first. */
export class SignInFirst extends Error {
  constructor(readonly location: string) {
    super('Sign in first.');
  }
}

/** Sends a browser to where one signs in. */
@Catch(SignInFirst)
export class SignInFilter implements ExceptionFilter {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch({ location }: SignInFirst, context: ArgumentsHost): void {
    const response: unknown = context.switchToHttp().getResponse();
    this.host.httpAdapter.setHeader(response, 'Location', location);
    this.host.httpAdapter.reply(response, '', SEE_OTHER);
  }
}

/** Whether a person asks for a page, rather than a script for data. */
export const isNavigation = (request: AdminRequest): boolean =>
  request.method === 'GET' && (headerOf(request, 'accept') ?? '').toLowerCase().includes('text/html');
