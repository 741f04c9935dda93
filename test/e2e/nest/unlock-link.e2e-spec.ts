// R44 R45, pitfall 25: GET shows, POST opens; on Express and Fastify alike.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  Injectable,
  Post,
  SetMetadata,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import {
  Lockout,
  LockoutConfigError,
  LockoutUnlockLinkModule,
  type LockoutUnlockLinkOptions,
  type RedeemedLock,
  StoreError,
} from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { FakeClock, MemoryLockoutStore, UnreliableStore } from 'nestjs-lockout/testing';
import { type LoginApp, PLATFORMS, startLoginApp } from '../../support/login-app.js';

const PATH = '/lockout/unlock';
const FORM = 'application/x-www-form-urlencoded';
const HTML = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const JSON_ONLY = { accept: 'application/json' };

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(200)
  @Lockout({ method: 'password', account: () => '1' })
  login(): never {
    throw new UnauthorizedException();
  }
}

const Public = (): ReturnType<typeof SetMetadata> => SetMetadata('public', true);

/** Lets nobody in, as an application's guard does with who is not signed in. */
@Injectable()
class SignedInGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride('public', [context.getHandler(), context.getClass()]) === true;
  }
}

interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** An application with the page, and how a person or a scanner meets it. */
class Visited {
  constructor(
    readonly login: LoginApp,
    readonly store: UnreliableStore,
  ) {}

  async call(method: string, path: string, init: RequestInit = {}): Promise<Page> {
    const response = await fetch(`${this.login.url}${path}`, { method, redirect: 'manual', ...init });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  get(token: string, headers: Record<string, string> = HTML): Promise<Page> {
    return this.call('GET', `${PATH}?token=${encodeURIComponent(token)}`, { headers });
  }

  /** As a browser sends the form. */
  submit(token: string, headers: Record<string, string> = HTML): Promise<Page> {
    const body = new URLSearchParams({ token }).toString();
    return this.call('POST', `${PATH}?`, { headers: { 'content-type': FORM, ...headers }, body });
  }

  send(body: string, type: string | null, headers: Record<string, string> = {}): Promise<Page> {
    // Bytes: `fetch` names a type for text by itself.
    const bytes = new TextEncoder().encode(body);
    return this.call('POST', PATH, {
      headers: { ...(type === null ? {} : { 'content-type': type }), ...headers },
      body: bytes,
    });
  }

  /** Locks the account, and makes a link to the lock. */
  async link(): Promise<string> {
    while (!(await this.isLocked())) expect((await this.login.post('/login', {})).status).toBe(401);
    const { items } = await this.store.list({ type: 'locked', limit: 1 });
    const [locked] = items;
    if (!locked) throw new Error('nothing was locked');
    const { key, event, facts } = locked;
    const token = await this.login.engine.unlockLinks.issue({ ...facts, key, since: event.at });
    if (token === null) throw new Error('there was no link');
    return token;
  }

  async isLocked(): Promise<boolean> {
    return (await this.login.engine.status({ account: '1' })).locked;
  }

  /** Ends what a test left. */
  async tidy(): Promise<void> {
    this.store.fault = () => null;
    await this.login.clock.advance(minutes(60) * 24);
  }
}

const problemOf = ({ status, headers, text }: Page) => ({
  status,
  type: headers.get('content-type'),
  problem: JSON.parse(text) as Record<string, unknown>,
});

describe.each(PLATFORMS)('the page of an unlock link on %s', (platform) => {
  const told: RedeemedLock[] = [];
  let visited: Visited;
  let tellFails = false;

  beforeAll(async () => {
    let store: UnreliableStore | undefined;
    const login = await startLoginApp({
      platform,
      makeStore: (clock: FakeClock) => {
        store = new UnreliableStore(new MemoryLockoutStore(clock.now));
        return store;
      },
      metadata: {
        imports: [
          LockoutUnlockLinkModule.forRoot({
            signInUrl: '/login?from="mail"',
            texts: { doneTitle: 'Welcome <b>back</b> & co.' },
            onUnlocked: async (lock) => {
              told.push(lock);
              if (tellFails) throw new Error('the listener is ill');
            },
          }),
        ],
        controllers: [LoginController],
      },
    });
    visited = new Visited(login, store as UnreliableStore);
  });
  afterAll(() => visited.login.close());
  afterEach(async () => {
    told.length = 0;
    tellFails = false;
    await visited.tidy();
  });

  test('a scanner that opens it 50 times uses nothing up; the button unlocks, once', async () => {
    const token = await visited.link();
    for (let n = 0; n < 25; n += 1) {
      const head = await visited.call('HEAD', `${PATH}?token=${token}`, { headers: HTML });
      expect([head.status, head.text]).toEqual([200, '']);
      expect((await visited.get(token, n % 2 === 0 ? { accept: '*/*' } : HTML)).status).toBe(200);
    }
    expect(await visited.isLocked()).toBe(true);
    const page = await visited.get(token);
    expect(page.text).toContain(`<form method="post" action="?">`);
    expect(page.text).toContain(`<input type="hidden" name="token" value="${token}">`);
    expect(told).toEqual([]);

    const opened = await visited.submit(token);
    expect(opened.status).toBe(200);
    expect(await visited.isLocked()).toBe(false);
    expect(told).toMatchObject([{ realm: 'default' }]);
    expect((await visited.login.post('/login', {})).status).toBe(401);

    const again = await visited.submit(token);
    expect(again.status).toBe(404);
    expect(again.text).toContain('This link is not valid');
    expect((await visited.get(token)).text).toBe(again.text);
    expect(told).toHaveLength(1);
  });

  test('altered, used, expired, over and never made: one answer, to a person and to a client', async () => {
    const token = await visited.link();
    const used = token;
    await visited.submit(used);
    const expired = await visited.link();
    await visited.login.clock.advance(minutes(5));
    const over = await visited.link();
    await visited.login.engine.unlock({ account: '1' }, { by: 'ann', reason: 'asked' });
    await visited.login.clock.advance(1);
    const open = await visited.link();
    const altered = `${open.startsWith('A') ? 'B' : 'A'}${open.slice(1)}`;
    const pages = new Set<string>();
    const problems = new Set<string>();
    for (const bad of [used, expired, over, altered, 'x', '', 'é'.repeat(43), 'A'.repeat(10_000)]) {
      const shown = await visited.get(bad);
      expect(shown.status).toBe(404);
      pages.add(shown.text);
      if (bad === '') continue;
      // The first time it is told what the next will be told.
      for (let n = 0; n < 2; n += 1) {
        const posted = await visited.submit(bad);
        expect(posted.status).toBe(404);
        pages.add(posted.text);
      }
      problems.add(JSON.stringify(problemOf(await visited.submit(bad, JSON_ONLY))));
      problems.add(JSON.stringify(problemOf(await visited.get(bad, JSON_ONLY))));
    }
    expect(pages.size).toBe(1);
    expect([...problems].map((text) => JSON.parse(text) as unknown)).toMatchObject([
      {
        status: 404,
        type: expect.stringMatching(/^application\/problem\+json/) as unknown,
        problem: { type: 'urn:nestjs-lockout:unlock-link-gone', status: 404 },
      },
    ]);
    expect(await visited.isLocked()).toBe(true);
    expect((await visited.submit(open)).status).toBe(200);
  });

  test('two parallel POSTs open once', async () => {
    const token = await visited.link();
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const answer =
          n % 2 === 0 ? visited.submit(token) : visited.send(JSON.stringify({ token }), 'application/json');
        return (await answer).status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(told).toHaveLength(1);
    const { items } = await visited.store.list({ type: 'unlocked', limit: 100 });
    expect(items.filter(({ event }) => event.at === visited.login.clock.now())).toHaveLength(1);
  });

  test('a client sends JSON and reads JSON', async () => {
    const token = await visited.link();
    const end = visited.login.clock.now() + minutes(5);
    const shown = await visited.get(token, JSON_ONLY);
    const iso = new Date(end).toISOString();
    expect([shown.status, JSON.parse(shown.text)]).toEqual([200, { until: iso, expiresAt: iso }]);
    const opened = await visited.send(JSON.stringify({ token }), 'application/json; charset=utf-8');
    expect(opened.headers.get('content-type')).toMatch(/^application\/json/);
    expect([opened.status, JSON.parse(opened.text)]).toEqual([200, { unlocked: true }]);
    expect(await visited.isLocked()).toBe(false);
  });

  test('the fourth of a day is told so, and its link stays', async () => {
    for (let n = 0; n < 3; n += 1) {
      expect((await visited.submit(await visited.link())).status).toBe(200);
      await visited.login.clock.advance(1);
    }
    // Made by a process that has not heard of the others yet.
    const { store } = visited;
    const before = store.quotaTaken.bind(store);
    store.quotaTaken = async () => 0;
    const token = await visited.link();
    store.quotaTaken = before;
    const page = await visited.submit(token);
    expect([page.status, page.text.includes('too often today')]).toEqual([429, true]);
    expect(problemOf(await visited.submit(token, JSON_ONLY))).toMatchObject({
      status: 429,
      problem: { type: 'urn:nestjs-lockout:unlock-link-capped' },
    });
    expect((await visited.get(token)).status).toBe(200);
    expect(await visited.isLocked()).toBe(true);
  });

  test('what is no form and no JSON is 415, and a missing token 400, as problems', async () => {
    const token = await visited.link();
    for (const type of [
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      null,
    ]) {
      const answer = await visited.send(`token=${token}`, type, HTML);
      expect(problemOf(answer)).toMatchObject({
        status: 415,
        type: expect.stringMatching(/^application\/problem\+json/) as unknown,
        problem: { status: 415, title: 'Unsupported Media Type' },
      });
    }
    for (const [body, type] of [
      ['', FORM],
      ['token=', FORM],
      ['Token=x', FORM],
      [`token=${token}&token=${token}`, FORM],
      [`token[]=${token}`, FORM],
      ['{}', 'application/json'],
      ['[]', 'application/json'],
      ['{"token":7}', 'application/json'],
      ['{"token":null}', 'application/json'],
      ['{"token":{"$ne":""}}', 'application/json'],
    ] as const) {
      const answer = await visited.send(body, type, HTML);
      expect([body, problemOf(answer)]).toMatchObject([
        body,
        { status: 400, problem: { type: 'urn:nestjs-lockout:bad-input', field: 'token' } },
      ]);
    }
    // What the framework cannot read it answers itself.
    const broken = await visited.send(`{"token":"${token}"`, 'application/json', HTML);
    const large = await visited.send(`token=${token}&x=${'x'.repeat(1_100_000)}`, FORM, HTML);
    expect([broken.status, large.status]).toEqual([400, 413]);
    // A link with two tokens is none.
    const doubled = await visited.call('GET', `${PATH}?token=${token}&token=${token}`, { headers: HTML });
    expect(doubled.status).toBe(404);
    expect(await visited.isLocked()).toBe(true);
  });

  test('no answer is kept, indexed, framed or told of, and none runs a script', async () => {
    const token = await visited.link();
    const answers = [
      await visited.get(token),
      await visited.call('HEAD', `${PATH}?token=${token}`),
      await visited.get('no such token'),
      await visited.get('no such token', JSON_ONLY),
      await visited.send('x', 'text/plain'),
      await visited.send('', FORM),
      await visited.submit(token),
    ];
    for (const { headers, text } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-robots-tag': expect.stringContaining('noindex') as unknown,
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
        ) as unknown,
      });
      expect(headers.get('set-cookie')).toBeNull();
      expect(text).not.toMatch(/<script|\son\w+=|style="|https?:/);
    }
  });

  test('whatever comes in is escaped', async () => {
    const token = await visited.link();
    const done = await visited.submit(token);
    expect(done.text).toContain('<h1>Welcome &lt;b&gt;back&lt;/b&gt; &amp; co.</h1>');
    expect(done.text).toContain('<a href="/login?from=&quot;mail&quot;">Sign in</a>');
    const evil = await visited.get('"><script>alert(1)</script>');
    expect(evil.text).not.toContain('alert');
  });

  test('what onUnlocked throws changes nothing', async () => {
    tellFails = true;
    const opened = await visited.submit(await visited.link());
    tellFails = false;
    expect(opened.status).toBe(200);
    expect(told).toHaveLength(1);
  });

  test('P9 while the store does not answer it says so, and the link stays', async () => {
    const token = await visited.link();
    visited.store.error = () => new StoreError('contention', 'Too many at once.');
    visited.store.fault = ({ method }) => (method === 'findUnlockLink' ? 'before' : null);
    for (const page of [await visited.get(token), await visited.submit(token)]) {
      expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
      expect(page.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(page.text).toContain('Try again in a moment');
    }
    expect(problemOf(await visited.submit(token, JSON_ONLY))).toMatchObject({
      status: 503,
      problem: { type: 'urn:nestjs-lockout:unavailable' },
    });
    visited.store.fault = () => null;
    expect(await visited.isLocked()).toBe(true);
    expect((await visited.submit(token)).status).toBe(200);
  });
});

describe.each(PLATFORMS)('an application of its own kind on %s', (platform) => {
  test('has the page behind its prefix and its guards, in the language of the request', async () => {
    const options: LockoutUnlockLinkOptions = {
      path: 'auth/open',
      decorators: [Public()],
      texts: (request) =>
        String((request as { headers: Record<string, unknown> }).headers['accept-language']).startsWith('de')
          ? { language: 'de', goneTitle: 'Dieser Link gilt nicht' }
          : {},
    };
    const login = await startLoginApp({
      platform,
      prepare: (app) => void app.setGlobalPrefix('api/v1'),
      metadata: {
        imports: [LockoutUnlockLinkModule.forRoot(options)],
        providers: [{ provide: APP_GUARD, useClass: SignedInGuard }],
        controllers: [LoginController],
      },
    });
    try {
      const call = (path: string, init: RequestInit = {}) => fetch(`${login.url}${path}`, init);
      const german = await call('/api/v1/auth/open?token=x', { headers: { 'accept-language': 'de-AT' } });
      expect(german.status).toBe(404);
      expect(await german.text()).toMatch(/<html lang="de">[\s\S]*<h1>Dieser Link gilt nicht<\/h1>/);
      const plain = await call('/api/v1/auth/open', {
        method: 'POST',
        body: 'token=x',
        headers: { 'content-type': 'text/plain' },
      });
      expect([plain.status, plain.headers.get('content-type')]).toEqual([415, 'application/problem+json']);
      const posted = await call('/api/v1/auth/open', {
        method: 'POST',
        body: new URLSearchParams({ token: 'x' }),
      });
      expect(posted.status).toBe(404);
      // The guard is there.
      expect((await login.post('/api/v1/login', {})).status).toBe(403);
    } finally {
      await login.close();
    }
  });
});

describe('LockoutUnlockLinkModule refuses to start', () => {
  test.each<[Record<string, unknown>, RegExp]>([
    [{ path: '/lockout/unlock' }, /path must be segments without a slash at either end/],
    [{ path: 'a//b' }, /path must be segments/],
    [{ path: ':token' }, /path must be segments/],
    [{ signInUrl: 'javascript:alert(1)' }, /signInUrl must be a path/],
    [{ signInUrl: '//evil.example' }, /signInUrl must be a path/],
    [{ signInUrl: '/\\evil.example' }, /signInUrl must be a path/],
    [{ signInUrl: 'http://app.example' }, /signInUrl must be a path/],
    [{ texts: { title: 'x' } }, /there is no text "title"; there are language, askTitle/],
    [{ texts: { doneTitle: 7 } }, /the text "doneTitle" must be a string/],
  ])('with %j', (options, message) => {
    const start = () => LockoutUnlockLinkModule.forRoot(options as LockoutUnlockLinkOptions);
    expect(start).toThrow(LockoutConfigError);
    expect(start).toThrow(message);
  });

  test('on a store that keeps no links', async () => {
    const started = startLoginApp({
      makeStore: (clock) => {
        const store = new MemoryLockoutStore(clock.now);
        return Object.assign(store, { saveUnlockLink: undefined }) as unknown as MemoryLockoutStore;
      },
      metadata: { imports: [LockoutUnlockLinkModule.forRoot()] },
    });
    await expect(started).rejects.toThrow(/the store keeps no unlock links/);
  });
});
