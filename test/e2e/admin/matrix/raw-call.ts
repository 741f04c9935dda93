import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** A call as it goes over the wire: the path as it is written here, a header twice if it is given twice. */
export interface RawCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Opening a connection takes longer than most calls. */
const agent = new Agent({ keepAlive: true });

/** Sends it, as `fetch` would not. Of an answer without an end (server-sent events) what comes at first. */
export function rawCall(url: string, { method, path, headers, body }: RawCall): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const asked = request(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent },
      (response) => {
        let text = '';
        const done = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
          if (!isStream) return;
          done();
          asked.destroy();
        });
        response.on('end', done);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
