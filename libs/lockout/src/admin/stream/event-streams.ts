import { type ExecutionContext, Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LockoutEngine } from '../../engine/lockout-engine.js';
import { AdminGuards } from '../admin-guards.js';
import type { AdminRequest } from '../admin-request.js';
import { Problem } from '../problem.js';
import { EventPulse } from './event-pulse.js';
import { EventStream } from './event-stream.js';
import { rawResponse } from './raw-response.js';

/** The open streams of one mount. */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly open = new Set<EventStream>();
  private isClosing = false;

  constructor(
    @Inject(LockoutEngine) private readonly engine: LockoutEngine,
    @Inject(AdminGuards) private readonly guards: AdminGuards,
  ) {}

  /**
   * Answers an admitted request with a stream; `context` is what the guards are asked again with.
   * @throws {Problem} 503 while the application closes.
   */
  start(context: ExecutionContext): void {
    if (this.isClosing) throw new Problem(503, 'This process is shutting down.');
    const pulse = EventPulse.of(this.engine);
    const http = context.switchToHttp();
    const stream = new EventStream(
      rawResponse(http.getResponse<object>()),
      {
        clock: this.engine.options.clock,
        listen: (listener) => pulse.listen(listener),
        isAdmitted: () => this.guards.admit(context).catch(() => false),
      },
      (ended) => this.open.delete(ended),
    );
    this.open.add(stream);
    stream.start();
    // Routers send it where `GET` goes.
    if (http.getRequest<AdminRequest>().method === 'HEAD') stream.end();
  }

  /** Before the server stops listening: it would wait for them. */
  onModuleDestroy(): void {
    this.isClosing = true;
    for (const stream of [...this.open]) stream.end();
  }
}
