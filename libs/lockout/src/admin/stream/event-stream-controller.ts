import { createParamDecorator, type ExecutionContext, Get, Inject, Res, type Type } from '@nestjs/common';
import { AdminController } from '../admin-controller.js';
import { EventStreams } from './event-streams.js';

/** The guards are asked again with the context that they were asked with. */
const Context = createParamDecorator((_: unknown, context: ExecutionContext) => context);

/** Live changes, below `path`. A class of its own for each mount. */
export function eventStreamController(path: string): Type<unknown> {
  @AdminController(`${path}/events`)
  class LockoutEventStreamController {
    constructor(@Inject(EventStreams) private readonly streams: EventStreams) {}

    /**
     * Server-sent events, written here: what an application does to answers (time limits, wrapping) is not meant for one
     * that lasts. `@Res` tells Nest so.
     */
    @Get('stream')
    follow(@Context() context: ExecutionContext, @Res() _response: unknown): void {
      this.streams.start(context);
    }
  }
  return LockoutEventStreamController;
}
