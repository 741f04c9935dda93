import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { StoreError, type Swap } from 'nestjs-lockout';
import type { EventView } from 'nestjs-lockout/admin';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import { type AdminApp, doubling, HOUSES_ONCE, PLATFORMS, startAdminApp } from './admin-app.js';
import { viewed } from './viewed.js';

const EXPORT = '/lockout/events/export';
/** So many turns of the event loop are more than anything here takes. */
const MOST_TURNS = 20_000;

const linesOf = (text: string): readonly EventView[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventView);

describe.each(HOUSES_ONCE)('the export of events on $platform with the $store store', (house) => {
  let admin: AdminApp;
  afterEach(() => admin.close());

  const exported = async (query = '', headers: Record<string, string> = {}) => {
    const answer = await admin.get(EXPORT + query, headers);
    const text: unknown = answer.body;
    return { ...answer, text: typeof text === 'string' ? text : JSON.stringify(text) };
  };

  it('is what the list has of the same filter, an event a line, as a file', async () => {
    admin = await startAdminApp({ ...house, lockout: { policies: [{ ...doubling, notify: { from: 1 } }] } });
    for (const account of ['alice', 'bob', 'ève "quoted"'])
      await admin.fail(account, 3, { address: '192.0.2.7' });
    await admin.fail('carol', 3, { realm: 'staff' });
    const { status, headers, text } = await exported();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/jsonl');
    expect(headers.get('content-disposition')).toBe('attachment; filename="lockout-events-2026-01-01.jsonl"');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const listed = async (query: string) =>
      viewed<{ readonly items: readonly EventView[] }>(await admin.get(`/lockout/events${query}`)).items;
    expect(linesOf(text)).toHaveLength(12);
    expect(linesOf(text)).toEqual(await listed('?limit=100'));
    for (const filter of ['?realm=staff', '?account=alice', '?type=locked', '?account=bob&type=failed']) {
      const some = linesOf((await exported(filter)).text);
      expect([filter, some]).toEqual([filter, await listed(filter)]);
      expect(some.length).toBeGreaterThan(0);
    }
    expect((await exported('?account=nobody')).text).toBe('');
  });

  it('begins where it is asked to', async () => {
    admin = await startAdminApp(house);
    await admin.fail('alice', 3);
    await admin.clock.advance(10_000);
    const from = new Date(admin.clock.now()).toISOString();
    await admin.fail('bob', 3);
    const accounts = linesOf((await exported(`?from=${from}`)).text).map(({ account }) => account);
    expect(accounts).toEqual(['bob']);
    expect((await exported('?from=yesterday')).status).toBe(400);
  });

  it('has only events of realms that may be viewed, and none of a realm that is asked for in vain', async () => {
    admin = await startAdminApp({ ...house, admin: { can: (_, realm) => realm === 'staff' } });
    await admin.fail('alice', 3);
    await admin.fail('carol', 3, { realm: 'staff' });
    expect(linesOf((await exported()).text).map(({ account }) => account)).toEqual(['carol']);
    for (const query of ['?realm=default', '?account=alice']) {
      const { status, text } = await exported(query);
      expect([query, status]).toEqual([query, 403]);
      expect(text).not.toContain('alice');
    }
    expect((await exported('?realm=staff&account=alice')).text).toBe('');
  });

  it('is not sent to whoever only asks for its head', async () => {
    admin = await startAdminApp(house);
    await admin.fail('alice', 3);
    const response = await fetch(admin.url + EXPORT, { method: 'HEAD', headers: { 'x-user': 'admin' } });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
  });
});

/** Counts what is read of it, and can fail from a page on. */
class WatchedStore extends MemoryLockoutStore {
  pages = 0;
  failsFrom = Number.POSITIVE_INFINITY;

  override async list(
    ...query: Parameters<MemoryLockoutStore['list']>
  ): ReturnType<MemoryLockoutStore['list']> {
    this.pages += 1;
    if (this.pages >= this.failsFrom) throw new StoreError('unreachable', 'away');
    return super.list(...query);
  }
}

describe.each(PLATFORMS)('a long export on %s', (platform) => {
  const clock = new FakeClock();
  let admin: AdminApp;
  let store: WatchedStore;
  afterEach(() => admin.close());

  /** An application with so many events of 5 kB each, dated now unless the test says otherwise. */
  const start = async (events: number, dated: (index: number) => number = () => clock.now()) => {
    store = new WatchedStore(clock.now);
    admin = await startAdminApp({ platform, lockout: { store } });
    await admin.fail('alice', 3);
    const [record] = await store.ofAccount(
      admin.engine.accounts.accountHashes({ account: 'alice' })[0] as never,
    );
    if (!record) throw new Error('Nobody failed.');
    const event = { type: 'failed', failures: 1, origin: { userAgent: 'x'.repeat(5_000) } } as const;
    const swap: Swap = {
      ...record,
      expected: record.version,
      version: '0'.repeat(16),
      keepUntil: null,
      events: Array.from({ length: events }, (_, index) => ({ ...event, at: dated(index) })),
    };
    expect(await store.compareAndSwap([swap], { now: clock.now() })).toEqual(new Set());
    store.pages = 0;
  };
  const asked = async (): Promise<IncomingMessage> => {
    const call = request(admin.url + EXPORT, { agent: false, headers: { 'x-user': 'admin' } }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return response;
  };
  /** Waits until nothing is read of the store any more. */
  const quiet = async (): Promise<number> => {
    let seen = -1;
    for (let still = 0, turn = 0; still < 300; turn += 1) {
      if (turn === MOST_TURNS) throw new Error('It goes on reading.');
      still = store.pages === seen ? still + 1 : 0;
      seen = store.pages;
      await setImmediate();
    }
    return seen;
  };

  it('is read no faster than it is taken, whole, and is over when its client goes', async () => {
    await start(8_000);
    const slow = await asked();
    const read = await quiet();
    // Of 41 pages of 1 MB each, what fits into the buffers of a connection.
    expect(read).toBeLessThan(20);
    slow.destroy();
    const after = await quiet();
    expect(after - read).toBeLessThanOrEqual(1);
    expect(await new Promise((resolve) => setTimeout(resolve, 0)).then(quiet)).toBe(after);

    store.pages = 0;
    const whole = await fetch(admin.url + EXPORT, { headers: { 'x-user': 'admin' } });
    let lines = 0;
    for await (const piece of whole.body ?? [])
      lines += Buffer.from(piece).filter((byte) => byte === 10).length;
    expect(lines).toBe(8_001);
    expect(store.pages).toBe(41);

    // What lies long before is not looked for for ever.
    store.pages = 0;
    await clock.advance(3 * 86_400_000);
    const recent = await admin.get(`${EXPORT}?from=${new Date(clock.now()).toISOString()}`);
    expect([recent.status, recent.body, store.pages]).toEqual([200, '', 10]);
  });

  it('from some moment on goes past what happened before it and was recorded late', async () => {
    const from = clock.now();
    // Every fourth nobody settled, three days ago; and 400 of them come in a row.
    const isLate = (index: number): boolean => index % 4 === 0 || (index > 800 && index <= 1_200);
    await start(1_600, (index) => (isLate(index) ? from - 3 * 86_400_000 : from));
    const whole = await fetch(`${admin.url}${EXPORT}?from=${new Date(from).toISOString()}`, {
      headers: { 'x-user': 'admin' },
    });
    const lines = linesOf(await whole.text());
    expect([whole.status, lines.length]).toEqual([200, 901]);
    expect(lines.filter(({ type }) => type === 'locked')).toHaveLength(1);
  });

  it('that the store leaves in the middle is cut, and not taken for the whole', async () => {
    await start(2_000);
    store.failsFrom = 5;
    const whole = await fetch(admin.url + EXPORT, { headers: { 'x-user': 'admin' } });
    expect(whole.status).toBe(200);
    await expect(whole.text()).rejects.toThrow();
    store.pages = 0;
    store.failsFrom = 1;
    const none = await fetch(admin.url + EXPORT, { headers: { 'x-user': 'admin' } });
    expect([none.status, none.headers.get('content-type')]).toEqual([
      503,
      expect.stringMatching(/^application\/problem\+json\b/),
    ]);
  });

  it('does not keep an application that closes', async () => {
    await start(8_000);
    const slow = await asked();
    await quiet();
    const cut = once(slow, 'error');
    slow.on('close', () => {});
    await admin.app.close();
    slow.resume();
    await cut;
  });
});
