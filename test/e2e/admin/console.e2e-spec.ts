import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type CanActivate, ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { LockoutConfigError } from 'nestjs-lockout';
import { LockoutAdminModule, type LockoutAdminOptions } from 'nestjs-lockout/admin';
import { type AdminApp, AdminGuard, PLATFORMS, type SignedIn, startAdminApp } from './admin-app.js';

const INDEX = '<!doctype html><script type="module" src="./assets/index-4fQz81aB.js"></script>';
const SCRIPT = 'document.title = "Ünlocked";';
/** Every byte there is: what is read as text on its way comes out otherwise. */
const FONT = Buffer.from(Array.from({ length: 512 }, (_, n) => n % 256));
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let root: string;
let folder: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lockout-console-'));
  folder = join(root, 'console');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(join(root, 'empty'));
  const files: Readonly<Record<string, string | Buffer>> = {
    'index.html': INDEX,
    'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'favicon.ico': FONT,
    'manifest.json': '{}',
    'notes.txt': 'not served',
    'assets/index-4fQz81aB.js': SCRIPT,
    'assets/index-9c0Zq1xY.css': 'body { margin: 0 }',
    'assets/inter-Bk3f9x2L.woff2': FONT,
    'assets/logo-7dTq0bWm.png': FONT,
    '../secret.json': '{"secret": true}',
  };
  for (const [path, body] of Object.entries(files)) writeFileSync(join(folder, path), body);
});
afterAll(() => rmSync(root, { recursive: true }));

interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The path goes out as it is written here: `fetch` would tidy it. */
const raw = (url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const options = { hostname, port, path, method, headers: { 'x-user': 'admin', ...headers } };
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });

describe.each(PLATFORMS)('the console on %s', (platform) => {
  let admin: AdminApp;
  afterEach(() => admin.close());

  const start = async (options: Partial<LockoutAdminOptions<SignedIn>> = {}, prefix?: string) => {
    admin = await startAdminApp({
      platform,
      admin: { consoleFolder: folder, ...options },
      ...(prefix === undefined ? {} : { prefix }),
    });
  };
  const get = (path: string, headers?: Record<string, string>) => raw(admin.url, path, headers);

  it.each([undefined, 'api/v1'])('is served whole, below the prefix %p', async (prefix) => {
    await start({}, prefix);
    const base = `${prefix === undefined ? '' : `/${prefix}`}/lockout/console`;
    const files: readonly (readonly [string, string, string | Buffer, string])[] = [
      ['', 'text/html; charset=utf-8', INDEX, 'no-cache'],
      ['index.html', 'text/html; charset=utf-8', INDEX, 'no-cache'],
      ['icon.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'no-cache'],
      ['favicon.ico', 'image/x-icon', FONT, 'no-cache'],
      ['manifest.json', 'application/json; charset=utf-8', '{}', 'no-cache'],
      ['assets/index-4fQz81aB.js', 'text/javascript; charset=utf-8', SCRIPT, 'immutable'],
      ['assets/index-9c0Zq1xY.css', 'text/css; charset=utf-8', 'body { margin: 0 }', 'immutable'],
      ['assets/inter-Bk3f9x2L.woff2', 'font/woff2', FONT, 'immutable'],
      ['assets/logo-7dTq0bWm.png', 'image/png', FONT, 'immutable'],
    ];
    for (const [path, type, body, caching] of files) {
      const answer = await get(`${base}/${path}`);
      expect([path, answer.status, answer.headers['content-type']]).toEqual([path, 200, type]);
      expect(answer.body).toEqual(Buffer.from(body));
      expect(answer.headers['cache-control']).toBe(
        caching === 'immutable' ? 'private, max-age=31536000, immutable' : 'no-cache',
      );
      expect(answer.headers).toMatchObject({
        'content-security-policy': CSP,
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
      const tag = answer.headers.etag ?? '';
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await get(`${base}/${path}`, { 'if-none-match': known });
        expect([again.status, again.headers.etag, again.body.length]).toEqual([304, tag, 0]);
      }
      expect((await get(`${base}/${path}`, { 'if-none-match': '"other"' })).status).toBe(200);
      const head = await raw(admin.url, `${base}/${path}`, {}, 'HEAD');
      expect([head.status, head.headers['content-type'], head.body.length]).toEqual([200, type, 0]);
    }
  });

  it.each([undefined, 'api/v1'])(
    'without its slash it leads to itself with one, below %p',
    async (prefix) => {
      await start({}, prefix);
      const base = `${prefix === undefined ? '' : `/${prefix}`}/lockout/console`;
      const answer = await get(base);
      expect([answer.status, answer.headers.location, answer.body.length]).toEqual([308, 'console/', 0]);
      // As a browser reads it, also behind a proxy that adds a path.
      for (const seen of ['', '/behind/a/proxy']) {
        const at = new URL(`https://host.example${seen}${base}`);
        expect(new URL(answer.headers.location ?? '', at).pathname).toBe(`${seen}${base}/`);
      }
    },
  );

  it.each([
    '../secret.json',
    '%2e%2e/secret.json',
    '..%2fsecret.json',
    '%2e%2e%2fsecret.json',
    '..%5csecret.json',
    '....//secret.json',
    'assets/../../secret.json',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'index.html%00.js',
    '%',
    'notes.txt',
    'assets',
    'assets/',
    'constructor',
    '__proto__',
    'Index.html',
  ])('%s is no file of it: 404', async (path) => {
    await start();
    const answer = await get(`/lockout/console/${path}`);
    expect(answer.body.toString()).not.toMatch(/"secret"|root:|not served/);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it('an unknown file is a problem, and not kept by anybody', async () => {
    await start();
    const answer = await get('/lockout/console/assets/index-old.js');
    expect([answer.status, answer.headers['content-type']]).toEqual([
      404,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('its texts are the catalogue, with the application’s own', async () => {
    await start({ messages: { 'method.passkey': 'Schlüssel' } });
    const { status, body } = await admin.get('/lockout/console/messages.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({ 'method.passkey': 'Schlüssel', language: expect.any(String) });
  });

  it('P11: nothing of it is for others than the guards admit', async () => {
    await start();
    for (const path of ['', '/', '/index.html', '/assets/index-4fQz81aB.js', '/messages.json']) {
      expect((await get(`/lockout/console${path}`, { 'x-user': '' })).status).toBe(401);
      const refused = await get(`/lockout/console${path}`, { 'x-user': 'alice' });
      expect([refused.status, refused.headers['content-security-policy']]).toEqual([403, CSP]);
      expect(refused.headers['cache-control']).toBe('no-store');
    }
  });

  it('switched off it is 404 and says by what', async () => {
    await start({ console: false });
    for (const path of ['', '/', '/assets/index-4fQz81aB.js', '/messages.json']) {
      const { status, body } = await get(`/lockout/console${path}`);
      expect([status, JSON.parse(body.toString()).detail]).toEqual([
        404,
        expect.stringContaining('console: false'),
      ]);
    }
    expect((await admin.get('/lockout/accounts')).status).toBe(200);
  });

  it.each(['empty', 'nowhere'])('not built (%s) it is 404 and says how to build it', async (name) => {
    await start({ consoleFolder: join(root, name) });
    for (const path of ['', '/', '/index.html', '/messages.json']) {
      const { status, body } = await get(`/lockout/console${path}`);
      expect([status, JSON.parse(body.toString()).detail]).toEqual([
        404,
        expect.stringContaining('npm run build:console'),
      ]);
    }
  });

  describe('with a page to sign in', () => {
    const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const guardOf = (refuse: () => boolean): CanActivate => ({ canActivate: refuse });
    const REFUSALS: readonly (readonly [string, () => boolean])[] = [
      ['says no', () => false],
      [
        'throws 401',
        () => {
          throw new UnauthorizedException();
        },
      ],
      [
        'throws 403',
        () => {
          throw new ForbiddenException();
        },
      ],
    ];

    it.each(REFUSALS)('a browser is sent there when a guard %s', async (_, refuse) => {
      await start({ guards: [guardOf(refuse)], signIn: '/login?next=/lockout/console/' });
      for (const path of ['/lockout/console', '/lockout/console/']) {
        const answer = await get(path, html);
        expect([answer.status, answer.headers.location]).toEqual([303, '/login?next=/lockout/console/']);
        expect(answer.headers['cache-control']).toBe('no-store');
      }
    });

    it('nobody else is, and nowhere else', async () => {
      await start({ signIn: '/login' });
      const refused = { ...html, 'x-user': '' };
      expect((await get('/lockout/console/', html)).status).toBe(200);
      expect((await get('/lockout/console/', { accept: '*/*', 'x-user': '' })).status).toBe(401);
      expect((await raw(admin.url, '/lockout/console/', refused, 'HEAD')).status).toBe(401);
      for (const path of [
        'console/assets/index-4fQz81aB.js',
        'console/messages.json',
        'accounts',
        'openapi.json',
      ]) {
        expect((await get(`/lockout/${path}`, refused)).status).toBe(401);
      }
    });

    it('a guard that fails is no refusal', async () => {
      const broken = guardOf(() => {
        throw new Error('the session store is away');
      });
      await start({ guards: [broken], signIn: '/login' });
      expect((await get('/lockout/console/', html)).status).toBe(500);
    });
  });
});

describe('options of the console that are wrong', () => {
  const problemsOf = (options: Readonly<Record<string, unknown>>): readonly string[] => {
    try {
      LockoutAdminModule.forRoot({ guards: [AdminGuard], actor: () => 'admin', ...options });
    } catch (error) {
      if (error instanceof LockoutConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it.each([
    ['console', { console: 'yes' }],
    ['consoleFolder', { consoleFolder: '' }],
    ['consoleFolder', { consoleFolder: new URL('file:///x') }],
    ['signIn', { signIn: '' }],
    ['signIn', { signIn: 'javascript:alert(1)' }],
    ['signIn', { signIn: '/login\r\nSet-Cookie: a=b' }],
    ['signIn', { signIn: 'http://' }],
    ['signIn', { signIn: 5 }],
  ])('%s: %p keeps the application from starting', (name, options) => {
    expect(problemsOf(options)).toEqual([expect.stringContaining(name)]);
  });

  it.each([
    '/login',
    '../../login',
    'https://sign-in.example/?to=console',
    '/login?next=%2Flockout%2Fconsole%2F',
  ])('signIn %p is right', (signIn) => {
    expect(problemsOf({ signIn })).toEqual([]);
  });
});
