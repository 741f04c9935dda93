import type { ExecutionContext } from '@nestjs/common';

/** Where a handler's attempt comes from, in whatever kind of application. */
export interface RequestFacts {
  /** Only HTTP runs one handler for one request. */
  readonly isHttp: boolean;
  /** What accessors read: the HTTP request, the resolver's arguments, or the message's data. */
  readonly input: unknown;
  /** The HTTP request, where there is one; else the input. */
  readonly request: unknown;
  /** The framework's answer to who is connected; never read from a header (pitfall 6). Null: not known. */
  readonly address: string | null;
  /** What the client calls itself; null: not known. For the record, never for a decision. */
  readonly userAgent: string | null;
  /** The status HTTP would answer with now; null where there is none. */
  status(): number | null;
}

const property = (target: unknown, name: string): unknown =>
  typeof target === 'object' && target !== null ? Reflect.get(target, name) : undefined;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The `User-Agent` of whatever has headers: an HTTP request, a socket's handshake. */
const userAgentOf = (request: unknown): string | null =>
  text(property(property(request, 'headers'), 'user-agent'));

const NO_STATUS = (): null => null;

export function requestFacts(context: ExecutionContext): RequestFacts {
  switch (context.getType<string>()) {
    case 'http': {
      const request: unknown = context.switchToHttp().getRequest();
      const response: unknown = context.switchToHttp().getResponse();
      return {
        isHttp: true,
        input: request,
        request,
        address: text(property(request, 'ip')),
        userAgent: userAgentOf(request),
        status: () => {
          const status = property(response, 'statusCode');
          return typeof status === 'number' ? status : null;
        },
      };
    }
    case 'graphql': {
      // Resolvers get (parent, arguments, context, info); the HTTP request is in the context by convention.
      const shared: unknown = context.getArgByIndex(2);
      const request = property(shared, 'req') ?? property(shared, 'request') ?? null;
      return {
        isHttp: false,
        input: context.getArgByIndex(1),
        request,
        address: text(property(request, 'ip')),
        userAgent: userAgentOf(request),
        status: NO_STATUS,
      };
    }
    case 'ws': {
      const client: unknown = context.switchToWs().getClient();
      const data: unknown = context.switchToWs().getData();
      const address =
        text(property(property(client, 'handshake'), 'address')) ??
        text(property(property(client, '_socket'), 'remoteAddress'));
      const userAgent = userAgentOf(property(client, 'handshake'));
      return { isHttp: false, input: data, request: client, address, userAgent, status: NO_STATUS };
    }
    default: {
      const data: unknown = context.switchToRpc().getData();
      return { isHttp: false, input: data, request: data, address: null, userAgent: null, status: NO_STATUS };
    }
  }
}

/** The one object all layers of an HTTP request share: Fastify wraps Node's request, Express extends it. */
export function rawRequest(request: unknown): object | null {
  const raw = property(request, 'raw') ?? request;
  return typeof raw === 'object' ? raw : null;
}
