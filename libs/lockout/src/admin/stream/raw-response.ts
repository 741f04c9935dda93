/** The part of Node's response that a stream of events needs. */
export interface RawResponse {
  readonly destroyed: boolean;
  readonly writableNeedDrain?: boolean;
  shouldKeepAlive?: boolean;
  setHeader(name: string, value: string | number | readonly string[]): unknown;
  writeHead(status: number): unknown;
  write(text: string): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'close' | 'drain' | 'error', listener: () => void): unknown;
  /** Of a middleware that compresses. */
  flush?(): void;
}

interface FastifyReply {
  readonly raw: RawResponse;
  hijack(): unknown;
  getHeaders(): Readonly<Record<string, string | number | readonly string[] | undefined>>;
}

const isFastifyReply = (response: object): response is FastifyReply =>
  typeof Reflect.get(response, 'hijack') === 'function';

/** Node's response, with what was set on it so far and out of the framework's hands. */
export function rawResponse(response: object): RawResponse {
  if (!isFastifyReply(response)) return response as RawResponse;
  // Fastify keeps headers to itself until it answers, which it will not.
  const headers = response.getHeaders();
  response.hijack();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.raw.setHeader(name, value);
  }
  return response.raw;
}
