import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { LockoutEvent } from '../policy/event.js';
import { FACTS, LOCKED } from '../testing/contract-swap.js';
import { DeliveryDelayedError, DeliveryRefusedError } from './delivery-errors.js';
import { problemText } from './problem-text.js';
import { profileLockout } from './profile-lockout.js';
import type { Delivery } from './sink.js';
import type { WebhookMap, WebhookSinkOptions } from './webhook-options.js';
import { WebhookAnswerError, WebhookSink } from './webhook-sink.js';

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const FAILED: LockoutEvent = { type: 'failed', at: 1_900_000_000_000, failures: 2 };
const ALICE = { ...FACTS, accountLabel: 'alice', accountHash: 'ab'.repeat(32) as never };

const delivery = (event: LockoutEvent = LOCKED): Delivery => ({
  id: '0123456789abcdef0123456789abcdef',
  try: 1,
  event,
  key: 'cd'.repeat(32),
  facts: ALICE,
  account: 'alice',
  now: Date.now(),
});

/** Where somebody listened a moment ago. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/`;
}

describe('a webhook', () => {
  const requests: {
    readonly method: string;
    readonly headers: IncomingHttpHeaders;
    readonly text: string;
  }[] = [];
  let answer: { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += String(chunk);
      });
      request.on('end', () => {
        requests.push({ method: request.method ?? '', headers: request.headers, text });
        if (answer.status > 0) response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    requests.length = 0;
    answer = { status: 204 };
  });

  const sink = (options: Partial<WebhookSinkOptions> = {}): WebhookSink =>
    new WebhookSink({ url, secret: SECRET, ...options });
  const deliver = (options?: Partial<WebhookSinkOptions>, event?: LockoutEvent): Promise<void> =>
    sink(options).deliver(delivery(event), AbortSignal.timeout(5_000));
  const sent = () => requests[0] ?? { method: '', headers: {}, text: '{}' };
  const rejection = (): Promise<unknown> =>
    deliver().then(
      () => null,
      (error: unknown) => error,
    );

  describe('is sent', () => {
    it('as one POST of JSON, signed as Standard Webhooks says', async () => {
      await deliver();
      expect(requests).toHaveLength(1);
      const { method, headers, text } = sent();
      expect(method).toBe('POST');
      expect(headers['content-type']).toBe('application/json');
      expect(headers['webhook-id']).toBe(delivery().id);
      expect(new Webhook(SECRET).verify(text, headers as Record<string, string>)).toEqual({
        type: 'lockout.locked',
        timestamp: new Date(LOCKED.at).toISOString(),
        data: {
          event: LOCKED,
          realm: FACTS.realm,
          counter: FACTS.counter,
          scope: FACTS.scope,
          accountHash: ALICE.accountHash,
          addressHash: null,
          account: 'alice',
          unknown: null,
          address: null,
        },
      });
    });

    it('so that a name that no account has is never taken for an account', async () => {
      const named = { ...delivery(), account: { unknown: 'alice' } };
      await sink().deliver(named, AbortSignal.timeout(5_000));
      await sink({ map: profileLockout() }).deliver(named, AbortSignal.timeout(5_000));
      expect(requests.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
        expect.objectContaining({
          data: expect.objectContaining({ account: null, unknown: 'alice' }) as unknown,
        }),
      ]);
    });

    it('so that nobody without the secret can have sent it, and nothing of it can be changed', async () => {
      await deliver();
      const { headers, text } = sent();
      const read = (body: string, changes: Record<string, string> = {}, secret = SECRET) =>
        new Webhook(secret).verify(body, { ...(headers as Record<string, string>), ...changes });
      expect(() => read(text, {}, OTHER_SECRET)).toThrow('signature');
      expect(() => read(text.replace('alice', 'mallory'))).toThrow('signature');
      expect(() => read(text, { 'webhook-id': 'another' })).toThrow('signature');
      expect(() => read(text, { 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 10) })).toThrow(
        'signature',
      );
    });

    it('with a signature for each secret while they change', async () => {
      await deliver({ secret: [SECRET, OTHER_SECRET] });
      const { headers, text } = sent();
      for (const secret of [SECRET, OTHER_SECRET])
        expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toBeTruthy();
    });

    it('with headers of the application, which cannot replace those that are signed', async () => {
      await deliver({
        headers: { authorization: 'Bearer x', 'Webhook-Id': 'mine', 'content-type': 'text/plain' },
      });
      expect(sent().headers).toMatchObject({
        authorization: 'Bearer x',
        'webhook-id': delivery().id,
        'content-type': 'application/json',
      });
      await deliver({ headers: { 'User-Agent': 'example/1' } });
      expect(requests[1]?.headers['user-agent']).toBe('example/1');
    });

    it('as the application maps it, and not at all where it maps to null', async () => {
      const map = (event: LockoutEvent) => (event.type === 'locked' ? { what: event.type } : null);
      await deliver({ map });
      await deliver({ map }, FAILED);
      expect(requests.map(({ text }) => text)).toEqual(['{"what":"locked"}']);
      expect(sink({ map }).wants(LOCKED, ALICE)).toBe(true);
      expect(sink({ map }).wants(FAILED, ALICE)).toBe(false);
    });

    it('not at all where a map in plain JavaScript returns nothing', async () => {
      const map = (() => undefined) as unknown as WebhookMap;
      await deliver({ map });
      expect(requests).toEqual([]);
      expect(sink({ map }).wants(LOCKED, ALICE)).toBe(false);
    });

    it('wherever the map might send something: whose event it is only the delivery tells', () => {
      const known: WebhookMap = (_event, _facts, account) => (typeof account === 'string' ? {} : null);
      const unknown: WebhookMap = (_event, _facts, account) => (typeof account === 'object' ? account : null);
      for (const map of [known, unknown]) {
        expect(sink({ map }).wants(LOCKED, ALICE)).toBe(true);
        expect(sink({ map }).wants(LOCKED, { ...ALICE, accountLabel: null })).toBe(false);
      }
    });

    it('of the types that were asked for', () => {
      expect(sink().wants(FAILED, ALICE)).toBe(true);
      expect(sink({ types: ['locked'] }).wants(FAILED, ALICE)).toBe(false);
      expect(sink({ types: ['locked'] }).wants(LOCKED, ALICE)).toBe(true);
    });
  });

  describe('ends', () => {
    it.each([200, 201, 202, 204])('delivered with %d', async (status) => {
      answer = { status };
      expect(await rejection()).toBeNull();
    });

    it.each([400, 401, 403, 404, 405, 409, 410, 413, 422])('refused for good with %d', async (status) => {
      answer = { status };
      expect(await rejection()).toBeInstanceOf(DeliveryRefusedError);
    });

    it.each([301, 302, 307, 308])('to be tried again with %d: redirects are not followed', async (status) => {
      answer = { status, headers: { location: url } };
      const error = await rejection();
      expect(error).toBeInstanceOf(WebhookAnswerError);
      expect(error).toMatchObject({ status, message: expect.stringContaining('not followed') });
      expect(requests).toHaveLength(1);
    });

    it.each([408, 425, 429, 500, 502, 503, 504])('to be tried again with %d', async (status) => {
      answer = { status };
      expect(await rejection()).toMatchObject({ name: 'WebhookAnswerError', status });
    });

    it.each([429, 503])('with a rest for the endpoint, where %d asks for one', async (status) => {
      answer = { status, headers: { 'retry-after': '120' } };
      const error = await rejection();
      expect(error).toBeInstanceOf(DeliveryDelayedError);
      expect(error).toMatchObject({ retryInMs: 120_000 });
    });

    it('without a rest, where another answer asks for one', async () => {
      answer = { status: 500, headers: { 'retry-after': '120' } };
      expect(await rejection()).toBeInstanceOf(WebhookAnswerError);
    });

    it('when its time is up', async () => {
      answer = { status: -1 };
      const controller = new AbortController();
      const running = sink().deliver(delivery(), controller.signal);
      const reason = new Error('time is up');
      setImmediate(() => controller.abort(reason));
      await expect(running).rejects.toBe(reason);
    });

    it('with the reason, where nobody listens', async () => {
      const error = await sink({ url: await closedUrl() })
        .deliver(delivery(), AbortSignal.timeout(5_000))
        .catch((thrown: unknown) => thrown);
      expect(problemText(error)).toMatch(/^TypeError: fetch failed, because: Error: connect ECONNREFUSED/);
    });
  });
});
