import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { rawResponse } from './raw-response.js';

/** What is sent as a file. */
export interface ExportedFile {
  readonly name: string;
  /** Not touched before the one before was taken by the client's connection. */
  readonly pieces: AsyncGenerator<string, void, undefined>;
}

/** Files that are being sent by one mount. */
@Injectable()
export class EventExports implements OnModuleDestroy {
  private readonly open = new Set<AbortController>();
  private readonly logger = new Logger('Lockout');

  /**
   * Answers with a file, piece by piece as the client takes it. Rejects with what the first piece throws: nothing was
   * answered then. What a later one throws cuts the connection, so that a part is not taken for the whole.
   */
  async send(response: object, { name, pieces }: ExportedFile, { headOnly = false } = {}): Promise<void> {
    const first = await pieces.next();
    const raw = rawResponse(response) as ReturnType<typeof rawResponse> & NodeJS.WritableStream;
    raw.setHeader('Content-Type', 'application/jsonl');
    raw.setHeader('Content-Disposition', `attachment; filename="${name}"`);
    // A proxy that collects the answer would hold all of it.
    raw.setHeader('X-Accel-Buffering', 'no');
    raw.writeHead(200);
    if (headOnly) {
      await pieces.return();
      raw.end();
      return;
    }
    const running = new AbortController();
    this.open.add(running);
    const faults: Error[] = [];
    const all = async function* () {
      try {
        if (!first.done) yield first.value;
        yield* pieces;
      } catch (error) {
        faults.push(error instanceof Error ? error : new Error(String(error)));
        throw error;
      } finally {
        await pieces.return();
      }
    };
    try {
      await pipeline(Readable.from(all(), { objectMode: false }), raw, { signal: running.signal });
    } catch {
      // Without one whoever asked has gone, or this process goes: nobody is left to be told.
      for (const { message } of faults) this.logger.warn(`An export of events was cut short: ${message}`);
    } finally {
      this.open.delete(running);
    }
  }

  /** Before the server stops listening: it would wait for them. */
  onModuleDestroy(): void {
    for (const running of [...this.open]) running.abort();
  }
}
