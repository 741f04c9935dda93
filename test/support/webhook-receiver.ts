import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhookRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came: what the signature is of. */
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Somebody else's endpoint on a real port: keeps every request, and answers as it is told. */
export class WebhookReceiver {
  readonly requests: WebhookRequest[] = [];
  /** Null: never. Default: 204. */
  answer: (request: WebhookRequest) => WebhookAnswer | null = () => ({ status: 204 });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => {
        text += chunk;
      });
      request.on('end', () => {
        const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
        const received = { method: request.method ?? '', headers: request.headers, text, body };
        receiver.requests.push(received);
        const answer = receiver.answer(received);
        if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
    const receiver = new WebhookReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  /** Nobody listens there any more: connections are refused. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
