import type { EngineClock } from '../../engine/clock.js';
import { iso } from '../moment.js';
import type { RawResponse } from './raw-response.js';

/** A comment line so often keeps the connection open through proxies, and finds out that a client is gone, ms. */
const BEAT_MS = 15_000;
/** Whether the client is still admitted is asked at every fourth beat: once a minute. */
const BEATS_PER_CHECK = 4;
/** Then the client has to come again, through the whole application: a guard may go by what was read at first. 10 min. */
const BEATS_PER_LIFE = 40;
/** When a browser comes again, ms. */
const RETRY_MS = 1_000;

const HEADERS: Readonly<Record<string, string>> = {
  'Content-Type': 'text/event-stream',
  // Compression would hold small pieces back, and so would a proxy that collects them.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** What one stream needs of its surroundings. */
export interface EventStreamSource {
  readonly clock: Pick<Required<EngineClock>, 'alarm'>;
  /** Tells of what is recorded, until the function it returns is called. */
  readonly listen: (listener: (at: number) => void) => () => void;
  /** Whether the client is still admitted. Must not reject. */
  readonly isAdmitted: () => Promise<boolean>;
}

/** One client that is told that something was recorded; never what. */
export class EventStream {
  private beats = 0;
  private isOver = false;
  /** When the latest thing happened that the client could not be told yet. */
  private owed: number | null = null;
  private stopAlarm: () => void = () => {};
  private stopListening: () => void = () => {};

  constructor(
    private readonly response: RawResponse,
    private readonly source: EventStreamSource,
    private readonly onEnd: (stream: EventStream) => void,
  ) {}

  /** Answers the head, and goes on until the client leaves or {@link end} is called. */
  start(): void {
    const { response, source } = this;
    response.on('close', () => this.over());
    response.on('error', () => this.over());
    response.on('drain', () => this.payOwed());
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    // Closed at its end, lest a server that closes waits for the next request of an idle connection.
    response.shouldKeepAlive = false;
    response.writeHead(200);
    if (response.destroyed) {
      this.over();
      return;
    }
    this.write(`retry: ${RETRY_MS}\n\n`);
    this.stopListening = source.listen((at) => this.changed(at));
    this.wait();
  }

  end(): void {
    if (this.isOver) return;
    this.over();
    this.response.end();
  }

  private over(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stopAlarm();
    this.stopListening();
    this.onEnd(this);
  }

  private wait(): void {
    this.stopAlarm = this.source.clock.alarm(BEAT_MS, () => void this.beat());
  }

  private async beat(): Promise<void> {
    this.beats += 1;
    // Nothing arrived for a whole beat: nobody reads.
    if (this.response.writableNeedDrain) return this.drop();
    if (this.beats >= BEATS_PER_LIFE) return this.end();
    this.write(':\n\n');
    if (this.beats % BEATS_PER_CHECK === 0 && !(await this.source.isAdmitted())) return this.end();
    if (!this.isOver) this.wait();
  }

  private drop(): void {
    this.over();
    this.response.destroy();
  }

  private changed(at: number): void {
    this.owed = at;
    this.payOwed();
  }

  private payOwed(): void {
    if (this.owed === null || this.isOver || this.response.writableNeedDrain) return;
    const at = iso(this.owed);
    this.owed = null;
    this.write(`event: changed\ndata: ${JSON.stringify({ at })}\n\n`);
  }

  private write(text: string): void {
    this.response.write(text);
    this.response.flush?.();
  }
}
