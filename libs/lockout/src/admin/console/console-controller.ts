import {
  Controller,
  Get,
  HttpStatus,
  Inject,
  Req,
  Res,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LOCKOUT_ADMIN_OPTIONS, type ResolvedAdminOptions } from '../admin-options.js';
import type { AdminRequest } from '../admin-request.js';
import { headerOf } from '../forgery.js';
import type { AdminMessages } from '../messages/messages.js';
import { ProblemFilter } from '../problem-filter.js';
import { ConsoleBuild } from './console-build.js';
import { CONSOLE_INDEX, isUnchanged } from './console-files.js';
import { ConsoleGate } from './console-gate.js';
import { consolePath } from './console-path.js';
import { SignInFilter } from './sign-in.js';

/** Both frameworks send bytes by this name. */
interface BytesResponse {
  send(body?: Buffer): unknown;
}

/** The console, below `path`. A class of its own for each mount. */
export function consoleController(path: string): Type<unknown> {
  @Controller({ path: `${path}/console`, version: VERSION_NEUTRAL })
  @UseGuards(ConsoleGate)
  @UseFilters(ProblemFilter, SignInFilter)
  class LockoutConsoleController {
    constructor(
      @Inject(ConsoleBuild) private readonly build: ConsoleBuild,
      @Inject(LOCKOUT_ADMIN_OPTIONS) private readonly options: ResolvedAdminOptions,
      @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    ) {}

    /** `GET console`; on Express also `GET console/`. */
    @Get()
    index(@Req() request: AdminRequest, @Res() response: BytesResponse): void {
      this.answer(request, response);
    }

    /** The texts of the console, with the application's own. */
    @Get('messages.json')
    messages(): AdminMessages {
      this.build.assertServed();
      return this.options.messages;
    }

    /** `GET console/…`; routed by `declareConsoleRoutes`. */
    serve(@Req() request: AdminRequest, @Res() response: BytesResponse): void {
      this.answer(request, response);
    }

    private answer(request: AdminRequest, response: BytesResponse): void {
      const { httpAdapter } = this.host;
      const name = consolePath(request);
      if (name === null) {
        this.build.assertServed();
        // Relative, so that it holds behind whatever prefix and proxy.
        httpAdapter.setHeader(response, 'Location', 'console/');
        httpAdapter.status(response, HttpStatus.PERMANENT_REDIRECT);
        response.send();
        return;
      }
      const file = this.build.file(name === '' ? CONSOLE_INDEX : name);
      httpAdapter.setHeader(response, 'Cache-Control', file.cacheControl);
      httpAdapter.setHeader(response, 'ETag', file.etag);
      if (isUnchanged(headerOf(request, 'if-none-match'), file.etag)) {
        httpAdapter.status(response, HttpStatus.NOT_MODIFIED);
        response.send();
        return;
      }
      httpAdapter.setHeader(response, 'Content-Type', file.contentType);
      response.send(file.body);
    }
  }
  return LockoutConsoleController;
}
