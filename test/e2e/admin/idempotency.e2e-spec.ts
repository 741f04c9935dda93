import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AnswerRequest, KeptAnswer } from 'nestjs-lockout';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import {
  type AdminApp,
  type AdminAppOptions,
  doubling,
  HOUSES,
  PLATFORMS,
  startAdminApp,
} from './admin-app.js';

const why = { reason: 'called us, was verified' };
const UNLOCK = '/lockout/accounts/default/alice/unlock';
const LOCK = '/lockout/accounts/default/alice/lock';
const LOGIN = '/lockout/policies/login';
const KEY = '7f9c24e8-3b12-4c51-9d6f-aa0c5b6b0d11';
const DAY_MS = 24 * 60 * 60_000;
const keyed = (key = KEY) => ({ 'idempotency-key': key });

/** Something that is waited for until it is opened. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

describe.each(HOUSES)('a call with an Idempotency-Key, on $platform with the $store store', (house) => {
  let admin: AdminApp;

  const start = async (options: Partial<AdminAppOptions> = {}) => {
    admin = await startAdminApp({ ...house, ...options });
    await admin.fail('alice', 3);
  };
  afterEach(() => admin.close());

  const eventTypes = async () => {
    const { items } = await admin.engine.options.store.list({ limit: 20 });
    return items.map(({ event }) => event.type);
  };

  it('is made once, and answered alike each time', async () => {
    await start();
    const first = await admin.post(UNLOCK, why, keyed());
    expect([first.status, first.body, first.headers.get('idempotency-replayed')]).toEqual([
      200,
      { changed: true },
      null,
    ]);
    for (let time = 0; time < 2; time += 1) {
      const again = await admin.post(UNLOCK, why, keyed());
      expect([again.status, again.body]).toEqual([200, { changed: true }]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    }
    expect(await eventTypes()).toEqual(['unlocked', 'locked']);
    // Another key is another call.
    expect((await admin.post(UNLOCK, why, keyed('another'))).body).toEqual({ changed: false });
  });

  it('saves a policy once, and says its version again', async () => {
    await start();
    const save = () =>
      admin.send('PUT', LOGIN, { settings: { threshold: 2 }, ...why }, { 'if-match': '"0"', ...keyed() });
    const first = await save();
    const again = await save();
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"1"']);
    expect([again.status, again.headers.get('etag'), again.body]).toEqual([200, '"1"', first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await admin.get(`${LOGIN}/history`)).body.items).toHaveLength(1);
  });

  it.each([
    ['404', 404, '/lockout/accounts/default/bob/unlock', why],
    ['400', 400, UNLOCK, { reason: ' ' }],
    ['409', 409, '/lockout/accounts/unlock', { accounts: [{ account: 'bob' }], ...why }],
    ['422', 422, LOCK, { until: '2020-01-01T00:00:00.000Z', ...why }],
  ])(
    'a problem %s is an answer, too: it stands when the reason for it is gone',
    async (_, status, path, body) => {
      await start();
      const first = await admin.post(path, body, keyed());
      expect(first.status).toBe(status);
      await admin.fail('bob', 3);
      const again = await admin.post(path, body, keyed());
      expect([again.status, again.body]).toEqual([status, first.body]);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
      expect(again.headers.get('content-type')).toContain('application/problem+json');
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(await admin.isRefused('bob')).toBe(true);
    },
  );

  it('what says nothing of the call itself is not kept: sent rightly it is made', async () => {
    let permitted = false;
    let fault: Error | null = new Error('the directory is away');
    await start({
      admin: {
        can: () => permitted,
        canUnlock: () => {
          if (fault) throw fault;
          return { unlockable: true };
        },
      },
    });
    const foreign = { ...keyed(), 'x-lockout-admin': undefined };
    expect((await admin.post(UNLOCK, why, foreign)).status).toBe(403);
    expect((await admin.post(UNLOCK, why, { ...keyed(), 'content-type': 'text/plain' })).status).toBe(415);
    expect((await admin.post(UNLOCK, why, { ...keyed(), 'x-user': '' })).status).toBe(401);
    expect((await admin.post(UNLOCK, why, keyed())).status).toBe(403);
    permitted = true;
    expect((await admin.post(UNLOCK, why, keyed())).status).toBe(500);
    fault = null;
    const made = await admin.post(UNLOCK, why, keyed());
    expect([made.status, made.body, made.headers.get('idempotency-replayed')]).toEqual([
      200,
      { changed: true },
      null,
    ]);
    const bare = await admin.send('PUT', LOGIN, { settings: {}, ...why }, keyed('save'));
    expect(bare.status).toBe(428);
    // Without `If-Match` it is another call than with it; the key is free for that one.
    const saved = await admin.send(
      'PUT',
      LOGIN,
      { settings: {}, ...why },
      { ...keyed('save'), 'if-match': '"0"' },
    );
    expect(saved.status).toBe(200);
  });

  it('with the key of another call it is refused, and nothing happens', async () => {
    await start();
    await admin.fail('bob', 3);
    expect((await admin.post(LOCK, { until: null, ...why }, keyed())).status).toBe(200);
    for (const [path, body] of [
      [LOCK, { until: null, reason: 'another reason' }],
      [`${LOCK}?unknown=true`, { until: null, ...why }],
      ['/lockout/accounts/default/bob/unlock', why],
    ] as const) {
      const answer = await admin.post(path, body, keyed());
      expect([answer.status, answer.body.errors]).toEqual([
        422,
        [{ path: 'Idempotency-Key', message: expect.stringContaining('another call') }],
      ]);
    }
    expect(await admin.isRefused('bob')).toBe(true);
    const save = (version: string) =>
      admin.send('PUT', LOGIN, { settings: {}, ...why }, { ...keyed('save'), 'if-match': version });
    expect((await save('"0"')).status).toBe(200);
    expect((await save('"1"')).status).toBe(422);
  });

  it('the key of one administrator is none of another', async () => {
    await start();
    expect((await admin.post(UNLOCK, why, keyed())).body).toEqual({ changed: true });
    const other = await admin.post(UNLOCK, why, { ...keyed(), 'x-user': 'second-admin' });
    expect([other.body, other.headers.get('idempotency-replayed')]).toEqual([{ changed: false }, null]);
  });

  it('while it is being made it is 409, to be asked again', async () => {
    const hook = gate();
    const asked = gate();
    await start({
      admin: {
        canUnlock: async () => {
          asked.open();
          await hook.passed;
          return { unlockable: true };
        },
      },
    });
    const first = admin.post(UNLOCK, why, keyed());
    await asked.passed;
    const second = await admin.post(UNLOCK, why, keyed());
    expect([second.status, second.headers.get('retry-after')]).toEqual([409, '1']);
    expect(second.headers.get('content-type')).toContain('application/problem+json');
    hook.open();
    expect((await first).body).toEqual({ changed: true });
    const third = await admin.post(UNLOCK, why, keyed());
    expect([third.body, third.headers.get('idempotency-replayed')]).toEqual([{ changed: true }, 'true']);
  });

  it('of twenty at once one is made', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin.post(UNLOCK, why, keyed())));
    for (const { status, body } of answers) {
      if (status !== 409) expect([status, body]).toEqual([200, { changed: true }]);
    }
    expect((await admin.post(UNLOCK, why, keyed())).body).toEqual({ changed: true });
    expect(await eventTypes()).toEqual(['unlocked', 'locked']);
  });

  it('one that never came to an end can be made after a minute; its late end changes no answer', async () => {
    const hook = gate();
    const asked = gate();
    let calls = 0;
    await start({
      admin: {
        canUnlock: async () => {
          calls += 1;
          if (calls > 1) return { unlockable: true };
          asked.open();
          await hook.passed;
          return { unlockable: false, reason: 'too late' };
        },
      },
    });
    const lost = admin.post(UNLOCK, why, keyed());
    await asked.passed;
    await admin.clock.advance(59_999);
    expect((await admin.post(UNLOCK, why, keyed())).status).toBe(409);
    await admin.clock.advance(1);
    expect((await admin.post(UNLOCK, why, keyed())).body).toEqual({ changed: true });
    hook.open();
    expect((await lost).status).toBe(409);
    const again = await admin.post(UNLOCK, why, keyed());
    expect([again.status, again.body]).toEqual([200, { changed: true }]);
  });

  it('its answer is kept for a day', async () => {
    await start();
    await admin.post(LOCK, { until: null, ...why }, keyed());
    await admin.post(UNLOCK, why);
    await admin.clock.advance(DAY_MS - 1);
    await admin.post(LOCK, { until: null, ...why }, keyed());
    expect(await admin.isRefused('alice')).toBe(false);
    await admin.clock.advance(1);
    await admin.post(LOCK, { until: null, ...why }, keyed());
    expect(await admin.isRefused('alice')).toBe(true);
  });

  it('a client that hangs up gets the answer when it asks again', async () => {
    const hook = gate();
    const asked = gate();
    await start({
      admin: {
        canUnlock: async () => {
          asked.open();
          await hook.passed;
          return { unlockable: true };
        },
      },
    });
    const leaving = new AbortController();
    const headers = {
      'x-user': 'admin',
      'x-lockout-admin': '1',
      'content-type': 'application/json',
      ...keyed(),
    };
    const left = fetch(admin.url + UNLOCK, {
      method: 'POST',
      headers,
      body: JSON.stringify(why),
      signal: leaving.signal,
    });
    await asked.passed;
    leaving.abort();
    await expect(left).rejects.toThrow();
    hook.open();
    let again = await admin.post(UNLOCK, why, keyed());
    for (let time = 0; again.status === 409 && time < 1_000; time += 1) {
      again = await admin.post(UNLOCK, why, keyed());
    }
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([{ changed: true }, 'true']);
    expect(await eventTypes()).toEqual(['unlocked', 'locked']);
  });
});

describe.each(PLATFORMS)('an Idempotency-Key on %s', (platform) => {
  let admin: AdminApp;
  afterEach(() => admin.close());

  describe('that is none', () => {
    beforeEach(async () => {
      admin = await startAdminApp({ platform });
      await admin.fail('alice', 3);
    });

    /** As bytes on the wire: `fetch` would correct some of them. */
    const post = (key: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = {
          'x-user': 'admin',
          'x-lockout-admin': '1',
          'content-type': 'application/json',
          'idempotency-key': key,
        };
        const sent = request(admin.url + UNLOCK, { method: 'POST', headers }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        });
        sent.on('error', reject).end(JSON.stringify(why));
      });

    it.each([
      ['empty', ''],
      ['of spaces', '   '],
      ['too long', 'x'.repeat(256)],
      ['with a tab', 'a\tb'],
      ['not ASCII', 'clé'],
    ])('%s: 400, and nothing happens', async (_, key) => {
      expect(await post(key)).toBe(400);
      expect(await admin.isRefused('alice')).toBe(true);
    });

    it.each(['x', 'x'.repeat(255), 'with spaces, "quotes" and ~', '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])(
      'but %p is one',
      async (key) => {
        expect(await post(key)).toBe(200);
        expect(await admin.isRefused('alice')).toBe(false);
      },
    );
  });

  it('is nothing to a call that only looks', async () => {
    admin = await startAdminApp({ platform });
    await admin.fail('alice', 3);
    for (const key of ['', KEY]) {
      const { status, headers } = await admin.get('/lockout/accounts', { 'idempotency-key': key });
      expect([status, headers.get('idempotency-replayed')]).toEqual([200, null]);
      const steps = [{ at: 0, type: 'failure' }];
      for (const policies of [[doubling], [doubling, doubling]]) {
        const simulated = await admin.post(
          '/lockout/simulate',
          { policies, steps },
          { 'idempotency-key': key },
        );
        expect([simulated.status, simulated.body]).toMatchObject([
          200,
          { results: policies.map(() => ({})) },
        ]);
      }
    }
  });

  it('is refused where the store keeps no answers, and nothing happens; without it the call is made', async () => {
    const store = new MemoryLockoutStore(new FakeClock().now);
    Object.defineProperty(store, 'claimAnswer', { value: undefined });
    admin = await startAdminApp({ platform, lockout: { store } });
    await admin.fail('alice', 3);
    const answer = await admin.post(UNLOCK, why, keyed());
    expect(answer.status).toBe(501);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await admin.isRefused('alice')).toBe(true);
    expect((await admin.post(UNLOCK, why)).body).toEqual({ changed: true });
  });

  it('P10: what is kept for it names nobody, and cannot be guessed by who reads the store', async () => {
    const seen: (AnswerRequest | KeptAnswer)[] = [];
    class WatchedStore extends MemoryLockoutStore {
      override claimAnswer(...[asked, lives]: Parameters<MemoryLockoutStore['claimAnswer']>) {
        seen.push(asked);
        return super.claimAnswer(asked, lives);
      }
      override keepAnswer(...[id, token, answer]: Parameters<MemoryLockoutStore['keepAnswer']>) {
        seen.push(answer);
        return super.keepAnswer(id, token, answer);
      }
    }
    admin = await startAdminApp({
      platform,
      lockout: { store: new WatchedStore(new FakeClock().now), labels: false },
    });
    const body = { accounts: [{ account: 'alice' }], ...why };
    const refused = await admin.post('/lockout/accounts/unlock', body, keyed());
    expect(JSON.stringify(refused.body)).toContain('alice');
    expect((await admin.post('/lockout/accounts/unlock', body, keyed())).body).toEqual(refused.body);
    expect(seen).toHaveLength(3);
    expect(JSON.stringify(seen)).not.toMatch(new RegExp(`alice|admin|reason|${KEY}`));
    const [first, , second] = seen;
    expect(second).toEqual({ ...first, token: expect.not.stringMatching((first as AnswerRequest).token) });
  });

  it('an answer that cannot be kept is given all the same', async () => {
    class FullStore extends MemoryLockoutStore {
      override keepAnswer(): Promise<void> {
        return Promise.reject(new Error('disk full'));
      }
    }
    admin = await startAdminApp({ platform, lockout: { store: new FullStore(new FakeClock().now) } });
    await admin.fail('alice', 3);
    expect((await admin.post(UNLOCK, why, keyed())).body).toEqual({ changed: true });
    expect(await admin.isRefused('alice')).toBe(false);
  });

  it('of one admin API is none of another on the same store', async () => {
    const store = new MemoryLockoutStore(new FakeClock().now);
    admin = await startAdminApp({ platform, lockout: { store } });
    const other = await startAdminApp({ platform, lockout: { store }, admin: { path: 'it' } });
    try {
      await admin.fail('alice', 3);
      expect((await admin.post(UNLOCK, why, keyed())).body).toEqual({ changed: true });
      const there = await other.post(UNLOCK.replace('/lockout/', '/it/'), why, keyed());
      expect([there.status, there.body]).toEqual([200, { changed: false }]);
    } finally {
      await other.close();
    }
  });
});
