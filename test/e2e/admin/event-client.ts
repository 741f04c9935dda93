import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** A client of `GET events/stream`, as a browser's EventSource is one. */
export interface EventClient {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** All that came so far. */
  readonly text: () => string;
  /** The data of the `changed` events so far. */
  readonly ticks: () => readonly { readonly at: string }[];
  /** Resolves when the server ends the stream; rejects when the connection breaks. */
  readonly ended: Promise<unknown>;
  /** Hangs up. */
  leave(): void;
}

/** Opens a stream, on a connection of its own. Resolves when its head is there. */
export async function follow(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
  const asked = request(url, {
    agent: false,
    headers: { 'x-user': 'admin', accept: 'text/event-stream', ...headers },
  }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const ended = once(response, 'end');
  // Whoever leaves does not wait for it.
  ended.catch(() => {});
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    ticks: () =>
      [...text.matchAll(/^event: changed\ndata: (.*)\n\n/gm)].map(([, data = '']) => JSON.parse(data)),
    ended,
    leave: () => void asked.destroy(),
  };
}
