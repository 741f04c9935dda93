import { afterEach, describe, expect, it } from '@jest/globals';
import { DeliveryRefusedError, LockoutNotifier, type LockoutSink } from 'nestjs-lockout';
import type { DeliveriesAnswer, DeliveryPage, EventView } from 'nestjs-lockout/admin';
import { type AdminApp, HOUSES_ONCE, startAdminApp } from './admin-app.js';
import { viewed } from './viewed.js';

const why = { reason: 'the pager is back' };

/** Refuses whatever it is told of as long as it is broken. */
class Pager implements LockoutSink {
  readonly name = 'pager';
  readonly told: string[] = [];
  isBroken = true;

  wants(event: Parameters<LockoutSink['wants']>[0]): boolean {
    return event.type === 'locked' || event.type === 'administered';
  }

  async deliver({ event, facts }: Parameters<LockoutSink['deliver']>[0]): Promise<void> {
    if (this.isBroken) throw new DeliveryRefusedError(`no pager for ${facts.accountLabel}`);
    this.told.push(`${event.type} ${facts.accountLabel}`);
  }
}

describe.each(HOUSES_ONCE)('deliveries on $platform with the $store store', (house) => {
  let admin: AdminApp;
  let pager: Pager;
  afterEach(() => admin.close());

  const start = async (options: Partial<Parameters<typeof startAdminApp>[0]> = {}) => {
    pager = new Pager();
    admin = await startAdminApp({
      ...house,
      lockout: { sinks: [pager], delivery: { dispatch: false } },
      ...options,
    });
  };
  /** Until nothing is due any more. */
  const deliver = async () => {
    const notifier = admin.app.get(LockoutNotifier);
    for (let round = 0; round < 5; round += 1) await notifier.runOnce();
  };
  const deliveries = async (query = '') =>
    viewed<DeliveryPage>(await admin.get(`/lockout/deliveries${query}`));
  const change = async (kind: 'retry' | 'drop', ids: readonly string[], headers = {}) => {
    const answer = await admin.post(`/lockout/deliveries/${kind}`, { ids, ...why }, headers);
    return { status: answer.status, body: answer.body as unknown as DeliveriesAnswer };
  };
  const recorded = async () =>
    viewed<{ readonly items: readonly EventView[] }>(await admin.get('/lockout/events?type=administered'))
      .items;

  it('what waits and what was given up is told of each sink, oldest first, a page at a time', async () => {
    await start();
    expect(await deliveries()).toMatchObject({ items: [], nextCursor: null, sinks: [] });
    const began = new Date(admin.clock.now()).toISOString();
    for (const account of ['alice', 'bob', 'carol']) {
      await admin.fail(account, 3);
      await admin.clock.advance(1000);
    }
    const waiting = await deliveries('?state=waiting');
    expect(waiting.sinks).toEqual([{ sink: 'pager', waiting: 3, dead: 0, oldestAt: began }]);
    expect(
      waiting.items.map(({ event, state, tries, problem }) => [event.account, state, tries, problem]),
    ).toEqual([
      ['alice', 'waiting', 0, null],
      ['bob', 'waiting', 0, null],
      ['carol', 'waiting', 0, null],
    ]);
    expect(Date.parse(waiting.items[0]?.dueAt ?? '')).toBeLessThanOrEqual(admin.clock.now());
    await deliver();
    const first = await deliveries('?limit=2');
    const second = await deliveries(`?limit=2&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    expect([...first.items, ...second.items]).toMatchObject(
      ['alice', 'bob', 'carol'].map((account) => ({
        sink: 'pager',
        state: 'dead',
        dueAt: null,
        problem: expect.stringContaining(`no pager for ${account}`),
        event: { type: 'locked', account, policy: 'login' },
      })),
    );
    expect(second.nextCursor).toBeNull();
    expect(second.sinks).toEqual([{ sink: 'pager', waiting: 0, dead: 3, oldestAt: null }]);
    expect((await deliveries('?sink=mail')).items).toEqual([]);
  });

  it('a dead letter is delivered once more, or never, and who did it stands in the record', async () => {
    await start();
    for (const account of ['alice', 'bob']) await admin.fail(account, 3);
    await deliver();
    pager.isBroken = false;
    const ids = (await deliveries()).items.map(({ id }) => id);
    const [ofAlice = '', ofBob = ''] = ids;

    expect(await change('retry', [ofAlice])).toEqual({ status: 200, body: { changed: true, count: 1 } });
    expect(await change('drop', [ofBob, 'unheard-of'])).toEqual({
      status: 200,
      body: { changed: true, count: 1 },
    });
    await deliver();
    expect(pager.told.filter((one) => one.startsWith('locked'))).toEqual(['locked alice']);
    // That they were changed is an event as any other.
    expect(pager.told.filter((one) => one.startsWith('administered'))).toHaveLength(2);
    expect((await deliveries()).sinks).toEqual([]);
    expect(await recorded()).toMatchObject([
      { action: 'drop-deliveries', by: 'admin', reason: why.reason, count: 1, realm: '*', account: null },
      { action: 'retry-deliveries', by: 'admin', reason: why.reason, count: 1, realm: '*', account: null },
    ]);
    expect(
      viewed<{ readonly items: readonly EventView[] }>(await admin.get('/lockout/events?type=locked')).items,
    ).toHaveLength(2);

    // Nothing is left of them: nothing is changed, and nothing recorded.
    expect(await change('retry', ids)).toEqual({ status: 200, body: { changed: false, count: 0 } });
    expect(await change('drop', ids)).toEqual({ status: 200, body: { changed: false, count: 0 } });
    expect(await recorded()).toHaveLength(2);
  });

  it('a call that is sent again with its key is made once', async () => {
    await start();
    await admin.fail('alice', 3);
    await deliver();
    const ids = (await deliveries()).items.map(({ id }) => id);
    const key = { 'idempotency-key': 'once' };
    const first = await change('drop', ids, key);
    expect(first).toEqual({ status: 200, body: { changed: true, count: 1 } });
    expect(await change('drop', ids, key)).toEqual(first);
    expect(await recorded()).toHaveLength(1);
  });

  it('needs a permission of its own, and events of realms that may not be viewed are left out', async () => {
    const may = new Set(['deliver *', 'view default']);
    await start({ admin: { can: (action, realm) => may.has(`${action} ${realm}`) } });
    await admin.fail('alice', 3);
    await admin.fail('carol', 3, { realm: 'vault' });
    await deliver();
    const { items, sinks } = await deliveries();
    expect(items.map(({ event }) => event.account)).toEqual(['alice']);
    expect(sinks).toMatchObject([{ dead: 2 }]);
    may.delete('deliver *');
    for (const other of ['configure *', 'view *', 'deliver default', 'unlock default', 'erase default'])
      may.add(other);
    const [letter = ''] = items.map(({ id }) => id);
    expect((await admin.get('/lockout/deliveries')).status).toBe(403);
    expect((await change('retry', [letter])).status).toBe(403);
    expect((await change('drop', [letter])).status).toBe(403);
    may.add('deliver *');
    expect((await deliveries()).items).toHaveLength(1);
    expect(await recorded()).toEqual([]);
  });

  it('takes nothing that is no list of ids with a reason', async () => {
    await start();
    for (const body of [
      {},
      { ids: [], ...why },
      { ids: ['1'] },
      { ids: ['1'], reason: ' ' },
      { ids: '1', ...why },
      { ids: ['a\nb'], ...why },
      { ids: ['x'.repeat(201)], ...why },
      { ids: Array.from({ length: 101 }, (_, n) => String(n)), ...why },
    ]) {
      expect([body, (await admin.post('/lockout/deliveries/retry', body)).status]).toEqual([body, 400]);
    }
    for (const query of ['?state=done', '?sink=A', '?limit=0', '?cursor=made-up']) {
      expect([query, (await admin.get(`/lockout/deliveries${query}`)).status]).toEqual([query, 400]);
    }
    expect((await change('drop', ['0', '1-2-mail', '99999999999999999999'])).body).toEqual({
      changed: false,
      count: 0,
    });
  });
});
