import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';
import type { Answer, Visitor } from './visitor.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };

const raw = (visitor: Visitor, path: string, body: RequestInit['body'], headers: Record<string, string>) =>
  visitor.send('POST', path, body, headers);

/** Values that are no name, no code, no token and no password. */
const NO_TEXT: readonly (readonly [string, unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['blank', ''],
  ['only spaces', '   '],
  ['a number', 7],
  ['true', true],
  ['a list', ['alice']],
  ['an object', { toString: 'alice' }],
  ['with NUL', 'ali\0ce'],
  ['half a character', 'alice\ud800'],
  ['the other half', '\udc00alice'],
  ['too long', 'a'.repeat(2_000)],
];

const ENDPOINTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['/auth/login', { username: 'alice', password: 'wrong password' }],
  ['/auth/otp', { username: 'alice', code: '000000' }],
  ['/auth/recovery-code', { username: 'alice', code: 'AAAAA-AAAAA' }],
  ['/auth/magic-link', { token: 'x'.repeat(43) }],
  ['/auth/otp/request', { username: 'alice' }],
  ['/auth/magic-link/request', { username: 'alice' }],
  ['/auth/password/forgot', { username: 'alice' }],
  ['/auth/password/reset', { token: 'x'.repeat(43), password: 'a new password' }],
];

const FIELDS = ENDPOINTS.flatMap(([path, body]) =>
  Object.keys(body).flatMap((field) =>
    NO_TEXT.map(([what, value]) => [path, field, what, { ...body, [field]: value }] as const),
  ),
);

/** Bodies that are not the JSON they should be. */
const BODIES: readonly (readonly [string, string | Uint8Array | undefined, Record<string, string>])[] = [
  ['no body', undefined, {}],
  ['an empty body', '', JSON_TYPE],
  ['broken JSON', '{"username":"alice",', JSON_TYPE],
  ['a JSON string', '"alice"', JSON_TYPE],
  ['a JSON list', '["alice"]', JSON_TYPE],
  ['JSON null', 'null', JSON_TYPE],
  [
    'a form post',
    'username=alice&password=wrong&code=000000',
    { 'Content-Type': 'application/x-www-form-urlencoded' },
  ],
  [
    'JSON sent as text',
    '{"username":"alice","password":"wrong","code":"000000"}',
    { 'Content-Type': 'text/plain' },
  ],
  ['a multipart form', '--x--', { 'Content-Type': 'multipart/form-data; boundary=x' }],
  ['a name of a megabyte', JSON.stringify({ username: 'a'.repeat(1_000_000), password: 'wrong' }), JSON_TYPE],
  ['a deep nest', `${'['.repeat(7_000)}${']'.repeat(7_000)}`, JSON_TYPE],
  ['an unknown charset', '{}', { 'Content-Type': 'application/json; charset=klingon' }],
  ['an unknown encoding', '{}', { ...JSON_TYPE, 'Content-Encoding': 'klingon' }],
  ['bytes that are no UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), JSON_TYPE],
];

describe('bad input is the sender’s mistake: a 4xx that says what is wrong, never a 500, never a count (R20, pitfalls 10 and 19)', () => {
  let server: DemoServer;
  let visitor: Visitor;

  beforeAll(async () => {
    server = await DemoServer.start({
      // One failure would already lock, by any method: a single count could not stay hidden.
      environment: {
        LOCKOUT_POLICIES: JSON.stringify([
          { name: 'account', threshold: 1, schedule: { kind: 'indefinite' }, refuses: 'all' },
          {
            name: 'address',
            threshold: 1,
            scope: ['address'],
            schedule: { kind: 'indefinite' },
            refuses: 'all',
          },
        ]),
      },
    });
    visitor = server.visitor();
  });

  afterAll(async () => {
    try {
      const admin = await AdminConsole.open(server);
      expect((await admin.locked()).body.items).toEqual([]);
      // The proof that a count would have shown: one well-formed wrong password does lock, for good.
      expect((await server.visitor().login('alice', 'wrong')).status).toBe(401);
      const refused = await server.visitor().login('alice', PASSWORD);
      expect([refused.status, refused.headers.get('retry-after'), refused.body.retryAt]).toEqual([
        429,
        null,
        null,
      ]);
    } finally {
      await server.close();
    }
  });

  const expectRefused = async (answer: Answer): Promise<void> => {
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect([401, 429]).not.toContain(answer.status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status: answer.status, detail: expect.stringMatching(/\S/) });
    const alice = await server.visitor().login('alice', PASSWORD);
    expect(alice.status).toBe(200);
  };

  test.each(FIELDS)('%s with %s %s', async (path, field, what, body) => {
    // A token that opens nothing is a wrong one, whatever it is.
    const answer = await visitor.post(path, body);
    await expectRefused(answer);
    expect(answer.status).toBe(400);
    if (what !== 'missing') expect(answer.body.detail).toContain(field);
  });

  test.each(BODIES)('%s', async (_, body, headers) => {
    for (const [path] of ENDPOINTS) await expectRefused(await raw(visitor, path, body, headers));
  });

  test('form posts, which any page can send, are answered 415 (R46)', async () => {
    const form = new URLSearchParams({ username: 'alice', password: PASSWORD });
    expect((await raw(visitor, '/auth/login', form, {})).status).toBe(415);
    expect((await raw(visitor, '/auth/logout', form, {})).status).toBe(415);
    expect((await raw(visitor, '/auth/login', 'x'.repeat(20_000), JSON_TYPE)).status).toBe(413);
  });

  test('?username=alice with an empty body guesses nothing (R38, pitfall 10)', async () => {
    const query = `?username=alice&password=${encodeURIComponent(PASSWORD)}`;
    await expectRefused(await raw(visitor, `/auth/login${query}`, undefined, {}));
    await expectRefused(await raw(visitor, `/auth/login${query}`, '{}', JSON_TYPE));
    await expectRefused(
      await raw(visitor, `/auth/login${query}`, '{"username":"","password":""}', JSON_TYPE),
    );
  });

  test('a code that is not six digits is no attempt (AG-3)', async () => {
    for (const code of ['12345', '1234567', 'abcdef', '１２３４５６']) {
      await expectRefused(await visitor.post('/auth/otp', { username: 'alice', code }));
    }
  });

  test('a password is hashed up to 1024 bytes, and no further (R46)', async () => {
    const long = await visitor.post('/auth/login', { username: 'alice', password: 'ä'.repeat(513) });
    await expectRefused(long);
    expect(long.body.detail).toContain('1024 bytes');
  });

  test('addresses and paths that are none', async () => {
    for (const path of ['/auth/nothing', '/%ff', '/assets/..%2f..%2fmain.js', '/assets/secrets.json']) {
      const answer = await visitor.get(path);
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    }
    expect((await visitor.get('/me?recoveryCodes[a]=1')).status).toBe(401);
  });
});
