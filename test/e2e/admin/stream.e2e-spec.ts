import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, UnauthorizedException } from '@nestjs/common';
import { LockoutEngine, type RecordedEvent, StoreError } from 'nestjs-lockout';
import { LockoutAdminModule } from 'nestjs-lockout/admin';
import { FakeClock, MemoryLockoutStore } from 'nestjs-lockout/testing';
import {
  type AdminApp,
  type AdminAppOptions,
  AdminGuard,
  doubling,
  HOUSES,
  PLATFORMS,
  SECRET,
  startAdminApp,
} from './admin-app.js';
import { type EventClient, follow } from './event-client.js';

const STREAM = '/lockout/events/stream';
const POLL_MS = 500;
const MINUTE_MS = 60_000;

/** So many turns of the event loop are more than anything here takes. */
const MOST_TURNS = 20_000;

/** Waits, moving the clock by so much each time, until it is so. */
async function until(clock: FakeClock, stepMs: number, isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn += 1) {
    if (turn === MOST_TURNS) throw new Error(`It never came to: ${String(isSo)}`);
    await clock.advance(stepMs);
    await setImmediate();
  }
}

/** Lets everything that is under way arrive. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

/** Counts what it is asked for, can be away, and can commit an event later than one that was recorded after it. */
class WatchedStore extends MemoryLockoutStore {
  lists = 0;
  isAway = false;
  /** Whose events are not committed yet. */
  uncommitted: string | null = null;

  override async list(
    ...query: Parameters<MemoryLockoutStore['list']>
  ): ReturnType<MemoryLockoutStore['list']> {
    this.lists += 1;
    if (this.isAway) throw new StoreError('unreachable', 'away');
    const { items, nextCursor } = await super.list(...query);
    const isCommitted = ({ facts }: RecordedEvent): boolean => facts.accountLabel !== this.uncommitted;
    return { items: items.filter(isCommitted), nextCursor };
  }
}

describe.each(HOUSES)('live changes on $platform with the $store store', (house) => {
  let admin: AdminApp;
  /** The engine's: the store has its own. */
  let time: FakeClock;
  const clients: EventClient[] = [];

  beforeEach(() => {
    time = new FakeClock();
  });
  const start = async (options: Partial<AdminAppOptions> = {}) => {
    admin = await startAdminApp({ ...house, ...options, lockout: { clock: time, ...options.lockout } });
  };
  const open = async (headers?: Record<string, string>): Promise<EventClient> => {
    const client = await follow(admin.url + STREAM, headers);
    clients.push(client);
    return client;
  };
  afterEach(async () => {
    for (const client of clients.splice(0)) client.leave();
    await admin.close();
  });

  it('a tick comes for what is recorded, with the time of it and nothing else', async () => {
    await start();
    const client = await open();
    expect(client.status).toBe(200);
    expect(client.headers['content-type']).toBe('text/event-stream');
    expect(client.headers['cache-control']).toBe('no-store, no-transform');
    expect(client.headers['x-accel-buffering']).toBe('no');
    expect(client.headers['x-content-type-options']).toBe('nosniff');
    await until(time, 0, () => client.text() !== '');
    expect(client.text()).toBe('retry: 1000\n\n');
    await time.advance(4 * POLL_MS);
    await settled();
    expect(client.ticks()).toEqual([]);

    await admin.fail('alice', 3);
    await until(time, POLL_MS, () => client.ticks().length > 0);
    expect(client.ticks()).toEqual([{ at: new Date(admin.clock.now()).toISOString() }]);
    expect(client.text()).not.toContain('alice');

    await admin.clock.advance(MINUTE_MS);
    await admin.post('/lockout/accounts/default/alice/unlock', { reason: 'called' });
    await until(time, POLL_MS, () => client.ticks().length > 1);
    expect(client.ticks()).toHaveLength(2);
    expect(client.ticks()[1]).toEqual({ at: new Date(admin.clock.now()).toISOString() });
  });

  it('also for what another process recorded', async () => {
    await start();
    const client = await open();
    await until(time, 0, () => client.text() !== '');
    await time.advance(4 * POLL_MS);
    const { store } = admin.engine.options;
    const other = new LockoutEngine({ store, secrets: [SECRET], policies: [doubling] });
    await other.lock({ account: 'bob' }, null, { by: 'night shift', reason: 'attack' });
    await until(time, POLL_MS, () => client.ticks().length > 0);
    expect(client.ticks()).toHaveLength(1);
  });

  it('a quiet stream shows that it lives every fifteen seconds', async () => {
    await start();
    const client = await open();
    await until(time, 0, () => client.text() !== '');
    await time.advance(14_999);
    await settled();
    expect(client.text()).toBe('retry: 1000\n\n');
    await time.advance(1);
    await until(time, 0, () => client.text().endsWith(':\n\n'));
    expect(client.text()).toBe('retry: 1000\n\n:\n\n');
  });

  it.each([
    ['says no', (): boolean => false],
    [
      'throws',
      (): boolean => {
        throw new UnauthorizedException();
      },
    ],
  ])('a guard that %s later on ends it within a minute', async (_, refuse) => {
    let admits = true;
    const guard: CanActivate = { canActivate: () => admits || refuse() };
    await start({ admin: { guards: [guard] } });
    const client = await open();
    await until(time, 0, () => client.text() !== '');
    await time.advance(MINUTE_MS);
    await until(time, 0, () => client.text().split(':\n\n').length === 5);
    admits = false;
    await time.advance(MINUTE_MS - 1);
    await until(time, 0, () => client.text().split(':\n\n').length === 8);
    await time.advance(1);
    await client.ended;
    expect((await follow(admin.url + STREAM)).status).not.toBe(200);
  });

  it('ends after ten minutes, so that the client comes again through the whole application', async () => {
    await start();
    const client = await open();
    await until(time, 0, () => client.text() !== '');
    for (let minute = 1; minute < 10; minute += 1) {
      await time.advance(MINUTE_MS);
      await until(time, 0, () => client.text().split(':\n\n').length === 4 * minute + 1);
    }
    await time.advance(MINUTE_MS);
    await client.ended;
  });

  it('does not keep an application from closing, and none is begun then', async () => {
    await start();
    const [first, second] = [await open(), await open()];
    await admin.app.close();
    await Promise.all([first.ended, second.ended]);
    await expect(fetch(admin.url + STREAM)).rejects.toThrow();
  });

  it('is for those only whom the guards admit', async () => {
    await start();
    expect((await open({ 'x-user': '' })).status).toBe(401);
    expect((await open({ 'x-user': 'alice' })).status).toBe(403);
    const head = await fetch(admin.url + STREAM, { method: 'HEAD', headers: { 'x-user': 'admin' } });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(await head.text()).toBe('');
  });
});

describe.each(PLATFORMS)('how the store is asked for changes, on %s', (platform) => {
  let admin: AdminApp;
  let time: FakeClock;
  let store: WatchedStore;

  beforeEach(async () => {
    time = new FakeClock();
    store = new WatchedStore(new FakeClock().now);
  });
  const start = async (options: Partial<AdminAppOptions> = {}) => {
    admin = await startAdminApp({ platform, ...options, lockout: { clock: time, store } });
  };
  afterEach(() => admin.close());

  it('not while nobody listens, and once for all who do, on whatever mount', async () => {
    await start({
      imports: [
        LockoutAdminModule.forRoot({ path: 'second', guards: [AdminGuard], actor: () => 'somebody' }),
      ],
    });
    await time.advance(10 * POLL_MS);
    expect(store.lists).toBe(0);
    const first = await follow(admin.url + STREAM);
    const second = await follow(`${admin.url}/second/events/stream`);
    await settled();
    const before = store.lists;
    await time.advance(10 * POLL_MS);
    expect(store.lists - before).toBe(10);

    first.leave();
    await admin.fail('alice', 3);
    await until(time, POLL_MS, () => second.ticks().length > 0);
    second.leave();
    // Node notices in its own time.
    let seen = -1;
    for (let turn = 0; seen !== store.lists && turn < MOST_TURNS; turn += 1) {
      seen = store.lists;
      await settled();
      await time.advance(4 * POLL_MS);
    }
    const after = store.lists;
    await time.advance(20 * POLL_MS);
    expect(store.lists).toBe(after);
  });

  it('a store that is away sends nothing, and what happened meanwhile is told when it is back', async () => {
    await start();
    const client = await follow(admin.url + STREAM);
    await until(time, 0, () => client.text() !== '');
    await time.advance(2 * POLL_MS);
    store.isAway = true;
    await admin.fail('alice', 3);
    const asked = store.lists;
    await time.advance(10 * POLL_MS);
    await settled();
    expect(store.lists).toBeGreaterThan(asked);
    expect(client.ticks()).toEqual([]);
    store.isAway = false;
    await until(time, POLL_MS, () => client.ticks().length > 0);
    expect(client.ticks()).toHaveLength(1);
    client.leave();
  });

  it('an event that was recorded earlier and committed later is told, too', async () => {
    await start();
    store.uncommitted = 'slow';
    await admin.fail('slow', 3);
    await admin.fail('quick', 3);
    const client = await follow(admin.url + STREAM);
    await until(time, 0, () => client.text() !== '');
    await time.advance(4 * POLL_MS);
    await settled();
    expect(client.ticks()).toEqual([]);
    store.uncommitted = null;
    await until(time, POLL_MS, () => client.ticks().length > 0);
    expect(client.ticks()).toHaveLength(1);
    client.leave();
  });

  it('who comes while it is away is told when it is back', async () => {
    await start();
    await admin.fail('alice', 3);
    store.isAway = true;
    const client = await follow(admin.url + STREAM);
    await until(time, 0, () => client.text() !== '');
    await time.advance(4 * POLL_MS);
    store.isAway = false;
    await until(time, POLL_MS, () => client.ticks().length > 0);
    client.leave();
  });
});
