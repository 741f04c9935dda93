import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../testing/fake-clock.js';
import { EventStream } from './event-stream.js';
import type { RawResponse } from './raw-response.js';

const AT = Date.parse('2026-03-01T12:00:00.000Z');

/** A response whose client reads only when it is told to. */
class SlowResponse extends Writable implements RawResponse {
  readonly received: string[] = [];
  readonly head = new Map<string, unknown>();
  status = 0;
  reads = true;
  private waiting: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: 8, decodeStrings: false });
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    const take = (): void => {
      this.received.push(chunk);
      done();
    };
    if (this.reads) take();
    else this.waiting = take;
  }

  read(): void {
    this.reads = true;
    this.waiting?.();
    this.waiting = null;
  }

  setHeader(name: string, value: unknown): void {
    this.head.set(name, value);
  }

  writeHead(status: number): void {
    this.status = status;
  }
}

function opened() {
  const clock = new FakeClock();
  const response = new SlowResponse();
  const listeners = new Set<(at: number) => void>();
  const ended: EventStream[] = [];
  const stream = new EventStream(
    response,
    {
      clock,
      listen: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      isAdmitted: async () => true,
    },
    (over) => ended.push(over),
  );
  stream.start();
  const tick = (at = AT): void => {
    for (const listener of listeners) listener(at);
  };
  return { clock, response, listeners, ended, stream, tick };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('EventStream', () => {
  it('tells a client that does not read for a while only the latest, once it reads', async () => {
    const { response, tick } = opened();
    await turn();
    response.reads = false;
    tick(AT);
    for (let n = 1; n <= 1_000; n += 1) tick(AT + n);
    response.read();
    await turn();
    expect(response.received).toEqual([
      'retry: 1000\n\n',
      'event: changed\ndata: {"at":"2026-03-01T12:00:00.000Z"}\n\n',
      'event: changed\ndata: {"at":"2026-03-01T12:00:01.000Z"}\n\n',
    ]);
  });

  it('lets go of a client that has read nothing for a beat', async () => {
    const { clock, response, listeners, ended, tick } = opened();
    await turn();
    response.reads = false;
    tick();
    await clock.advance(15_000);
    expect([response.destroyed, listeners.size, ended.length]).toEqual([true, 0, 1]);
    await clock.advance(60_000);
    expect(ended).toHaveLength(1);
  });

  it('is over once, however it ends', async () => {
    const { clock, response, listeners, ended, stream } = opened();
    stream.end();
    stream.end();
    response.destroy();
    await turn();
    await clock.advance(60_000);
    expect([listeners.size, ended.length]).toEqual([0, 1]);
    expect(response.received.join('')).toBe('retry: 1000\n\n');
  });

  it('does not begin with a client that is gone already', () => {
    const response = new SlowResponse();
    response.destroy();
    const clock = new FakeClock();
    let listened = false;
    const listen = () => {
      listened = true;
      return () => {};
    };
    const ended: EventStream[] = [];
    new EventStream(response, { clock, listen, isAdmitted: async () => true }, (over) =>
      ended.push(over),
    ).start();
    expect([listened, ended.length, response.received]).toEqual([false, 1, []]);
  });
});
