import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DeliveryRefusedError, LockoutEngine, LockoutNotifier } from 'nestjs-lockout';
import { LOCKOUT_METRICS, type LockoutMetric } from 'nestjs-lockout/telemetry';
import { turns } from '../../support/gate.js';
import { policy, SECRET } from '../../support/login-app.js';
import { Telemetry } from '../../support/telemetry.js';
import { Pager } from './pager.js';
import { startWatchedApp, type WatchedApp } from './watched-app.js';

const PLACES = policy({ name: 'place', scope: ['address'] });
/** What would tell who it was: names, ids of accounts, addresses, hashes and keys. */
const NAMING = /alice|bob|127\.0\.0\.1|192\.0\.2|::1|[0-9a-f]{20,}/i;

let telemetry: Telemetry;
let app: WatchedApp;
/** Names of all metrics that had a value in any of the tests. */
const seen = new Set<string>();

beforeEach(() => {
  telemetry = new Telemetry();
});

afterEach(async () => {
  let exported: string;
  try {
    const measured = await telemetry.measure();
    for (const name of measured.keys()) seen.add(name);
    exported = JSON.stringify([
      [...measured.values()].map(({ name, points }) => [name, points.map(({ attributes }) => attributes)]),
      telemetry.spans().map(({ name, attributes, status, events }) => ({ name, attributes, status, events })),
    ]);
  } finally {
    await app.close();
    await telemetry.shutdown();
  }
  // Whatever a test did: nobody is named.
  expect(exported).not.toMatch(NAMING);
});

/** Moves the clock until the engine knows that its store is gone. */
async function untilGone(): Promise<void> {
  app.store.fault = () => 'before';
  await app.engine.status({ account: '1' }).catch(() => {});
  for (let step = 0; step < 40; step += 1) {
    await app.clock.advance(50);
    await turns(8);
  }
  expect(app.engine.storeState).toBe('gone');
}

describe('metrics', () => {
  test('lockout.attempts and lockout.refusals count each attempt once, by how it ended', async () => {
    app = await startWatchedApp();
    expect(await app.login('right')).toBe(200);
    expect(await app.login('crash')).toBe(500);
    for (let n = 0; n < 3; n += 1) expect(await app.login('wrong')).toBe(401);
    for (let n = 0; n < 4; n += 1) expect(await app.login('right')).toBe(429);
    await app.engine.protect({ account: '2', method: 'otp' }, () => true);
    app.store.fault = () => 'before';
    expect(await app.login('right', 'bob')).toBe(503);
    expect(await telemetry.values('lockout.attempts')).toEqual({
      'method=password outcome=success': 1,
      'method=password outcome=abandoned': 1,
      'method=password outcome=failure': 3,
      'method=password outcome=refused': 4,
      'method=otp outcome=success': 1,
      'method=password outcome=unavailable': 1,
    });
    expect(await telemetry.values('lockout.refusals')).toEqual({ 'policy=login reason=locked': 4 });
  });

  test('lockout.refusals tells a taken budget from a lock, and a lock that came while a right password was verified', async () => {
    app = await startWatchedApp({ policies: [policy({ threshold: 1 })] });
    const { engine } = app;
    const request = { account: '1', method: 'password' };
    const begun = await engine.begin(request);
    expect(await app.login('right')).toBe(429);
    expect(await telemetry.values('lockout.refusals')).toEqual({ 'policy=login reason=exhausted': 1 });
    await engine.lock({ account: '1' }, null, { by: 'admin', reason: 'asked' });
    if (!begun.allowed) throw new Error('refused');
    expect((await begun.attempt.succeed()).refusal).toMatchObject({ reason: 'locked' });
    expect(await telemetry.values('lockout.attempts')).toEqual({ 'method=password outcome=refused': 2 });
  });

  test('lockout.attempts counts what ended before its method was known', async () => {
    app = await startWatchedApp();
    await untilGone();
    expect(await app.login('right')).toBe(503);
    expect(await telemetry.values('lockout.attempts')).toEqual({ 'outcome=unavailable': 1 });
  });

  test('lockout.decision.duration and lockout.store.duration are what the clock says, in seconds', async () => {
    app = await startWatchedApp();
    const request = { account: '1', method: 'password' };
    await app.engine.judge(request);
    const before = await telemetry.measure();
    app.pace.ms = 30;
    const begun = await app.engine.begin({ ...request, account: '2' });
    app.pace.ms = 0;
    if (!begun.allowed) throw new Error('refused');
    const after = await telemetry.measure();
    const sums = (measured: typeof after, name: string) =>
      Object.fromEntries(
        (measured.get(name)?.points ?? []).map(({ attributes, value, sum = 0 }) => [
          Object.values(attributes).join(),
          [value, Number(sum.toFixed(6))],
        ]),
      );
    expect(sums(before, 'lockout.decision.duration')).toEqual({ admitted: [1, 0] });
    // One load, one swap.
    expect(sums(after, 'lockout.decision.duration')).toEqual({ admitted: [2, 0.06] });
    expect(sums(before, 'lockout.store.duration')).toEqual({ load: [1, 0] });
    expect(sums(after, 'lockout.store.duration')).toEqual({ load: [2, 0.03], swap: [1, 0.03] });
    expect(after.get('lockout.store.duration')?.buckets).toContain(0.005);
    expect(after.get('lockout.store.duration')?.buckets).toContain(10);
    app.store.fault = () => 'before';
    await app.engine.judge({ ...request, account: '3' }).catch(() => {});
    expect(await telemetry.values('lockout.store.duration')).toMatchObject({
      'error.type=unreachable operation=load': 1,
    });
    expect(await telemetry.values('lockout.decision.duration')).toEqual({
      'outcome=admitted': 2,
      'outcome=unavailable': 1,
    });
  });

  test('lockout.batch.size has every batch, with all of its operations', async () => {
    app = await startWatchedApp();
    const people = Array.from({ length: 20 }, (_, n) => ({ account: `p${n}`, method: 'password' }));
    await Promise.all(people.map((request) => app.engine.begin(request)));
    const [point] = (await telemetry.measure()).get('lockout.batch.size')?.points ?? [];
    expect(point?.value).toBe(app.engine.totals.batches);
    expect(point?.sum).toBe(app.engine.totals.operations);
    expect(point?.sum).toBe(20);
    expect(point?.value).toBeLessThan(5);
  });

  test('lockout.lost_races counts rows that another process was faster at', async () => {
    app = await startWatchedApp();
    const { engine, store, clock } = app;
    const request = { account: '1', method: 'password' };
    const rival = new LockoutEngine({ store, secrets: [SECRET], policies: [policy()], clock });
    await engine.judge(request);
    expect(await telemetry.values('lockout.lost_races')).toEqual({ '': 0 });
    app.pace.beforeSwap = () => rival.begin(request);
    let isOver = false;
    const begun = engine.begin(request).finally(() => {
      isOver = true;
    });
    // What was lost is tried again after a pause.
    for (let step = 0; step < 100 && !isOver; step += 1) {
      await turns(8);
      await clock.advance(10);
    }
    await begun;
    expect(engine.totals.lostRaces).toBe(1);
    expect(await telemetry.values('lockout.lost_races')).toEqual({ '': engine.totals.lostRaces });
  });

  test('lockout.locks has the locks in force of the realms that were named', async () => {
    app = await startWatchedApp({ policies: [policy(), PLACES] }, { realms: ['default', 'staff'] });
    const lock = async (account: string, realm: string, address: string): Promise<void> => {
      const request = { account, realm, address, method: 'password' };
      for (let n = 0; n < 3; n += 1) await app.engine.protect(request, () => false);
    };
    expect(await telemetry.values('lockout.locks')).toEqual({ 'of=account': 0, 'of=address': 0 });
    await lock('1', 'default', '192.0.2.1');
    await lock('1', 'staff', '192.0.2.2');
    await lock('1', 'shop', '192.0.2.3');
    expect(await telemetry.values('lockout.locks')).toEqual({ 'of=account': 2, 'of=address': 2 });
    await app.engine.unlock({ account: '1' }, { by: 'admin', reason: 'called' });
    expect(await telemetry.values('lockout.locks')).toMatchObject({ 'of=account': 1 });
    await app.clock.advance(300_000);
    expect(await telemetry.values('lockout.locks')).toEqual({ 'of=account': 0, 'of=address': 0 });
  });

  test('lockout.outbox.* and lockout.deliveries tell what waits, for how long, what was given up and what went', async () => {
    const pager = new Pager(new Error('alice cannot be reached at 192.0.2.7'));
    app = await startWatchedApp({ sinks: [pager], delivery: { dispatch: false } });
    const notifier = app.app.get(LockoutNotifier);
    for (let n = 0; n < 3; n += 1) await app.login('wrong');
    await app.clock.advance(20_000);
    const outbox = async () =>
      Promise.all(['waiting', 'dead', 'lag'].map((what) => telemetry.values(`lockout.outbox.${what}`)));
    const all = (waiting: number, dead: number, lag: number) =>
      [waiting, dead, lag].map((value) => ({ 'sink=pager': value }));
    expect(await outbox()).toEqual(all(1, 0, 20));
    await notifier.runOnce();
    expect(await telemetry.values('lockout.deliveries')).toEqual({ 'outcome=failed sink=pager': 1 });
    expect(await outbox()).toEqual(all(1, 0, 20));
    pager.answer = new DeliveryRefusedError('no such pager: bob');
    await app.clock.advance(10_000);
    await notifier.runOnce();
    expect(await outbox()).toEqual(all(0, 1, 0));
    pager.answer = null;
    for (let n = 0; n < 3; n += 1) await app.login('wrong', 'bob');
    await notifier.runOnce();
    expect(await telemetry.values('lockout.deliveries')).toEqual({
      'outcome=failed sink=pager': 1,
      'outcome=dead sink=pager': 1,
      'outcome=delivered sink=pager': 1,
    });
    const [letter] = (await app.engine.outbox?.deliveries({ state: 'dead', limit: 1 }))?.items ?? [];
    const entry = app.engine.entries.administered('drop-deliveries', '*', { by: 'admin', reason: 'old' });
    await app.engine.outbox?.dropDeliveries([letter?.id ?? ''], entry);
    // A sink that had something keeps its place, at nothing.
    expect(await outbox()).toEqual(all(0, 0, 0));
  });

  test('lockout.settles.unwritten has the outcomes that the store did not take, until it does', async () => {
    app = await startWatchedApp();
    const begun = await app.engine.begin({ account: '1', method: 'password' });
    if (!begun.allowed) throw new Error('refused');
    expect(await telemetry.values('lockout.settles.unwritten')).toEqual({ '': 0 });
    app.store.fault = ({ method }) => (method === 'outboxState' ? null : 'before');
    await begun.attempt.fail();
    expect(await telemetry.values('lockout.settles.unwritten')).toEqual({ '': 1 });
    app.store.fault = () => null;
    for (let step = 0; step < 100 && app.engine.totals.unwrittenSettles > 0; step += 1) {
      await app.clock.advance(50);
      await turns(8);
    }
    expect(await telemetry.values('lockout.settles.unwritten')).toEqual({ '': 0 });
  });

  test('lockout.store.up is 0 while the store does not answer, and nothing waits for it then', async () => {
    app = await startWatchedApp();
    expect(await telemetry.values('lockout.store.up')).toEqual({ '': 1 });
    await untilGone();
    expect(await telemetry.values('lockout.store.up')).toEqual({ '': 0 });
    app.store.fault = () => null;
    for (let step = 0; step < 100 && app.engine.storeState === 'gone'; step += 1) {
      await app.clock.advance(50);
      await turns(8);
    }
    expect(await telemetry.values('lockout.store.up')).toEqual({ '': 1 });
    expect(await telemetry.values('lockout.locks')).toEqual({ 'of=account': 0, 'of=address': 0 });
  });

  test('lockout.attempts.uncounted counts those who were let through without being counted', async () => {
    app = await startWatchedApp({ onStoreError: 'allow' });
    await app.login('wrong', 'bob');
    await untilGone();
    expect(await telemetry.values('lockout.attempts.uncounted')).toEqual({ '': 0 });
    for (let n = 0; n < 5; n += 1) expect(await app.login('wrong')).toBe(401);
    expect(await telemetry.values('lockout.attempts.uncounted')).toEqual({ '': 5 });
  });

  test('are exactly those that are listed, with their units and attributes', async () => {
    app = await startWatchedApp();
    await app.login('wrong');
    const listed: Readonly<Record<string, LockoutMetric>> = LOCKOUT_METRICS;
    expect([...seen].sort()).toEqual(Object.keys(listed).sort());
    for (const { name, unit, points } of (await telemetry.measure()).values()) {
      const { unit: known = '', attributes = [] } = listed[name] ?? {};
      expect({ name, unit }).toEqual({ name, unit: known });
      for (const point of points) {
        for (const attribute of Object.keys(point.attributes)) expect(attributes).toContain(attribute);
      }
    }
  });

  test('are measured by nobody once the application is closed', async () => {
    app = await startWatchedApp();
    await app.login('wrong');
    await app.close();
    await app.engine.protect({ account: '1', method: 'password' }, () => false);
    expect(await telemetry.values('lockout.attempts')).toEqual({ 'method=password outcome=failure': 1 });
    expect(await telemetry.values('lockout.store.up')).toEqual({});
  });
});

test('without an SDK everything works, and nothing is measured', async () => {
  await telemetry.shutdown();
  app = await startWatchedApp();
  expect(await app.login('wrong')).toBe(401);
  expect(await app.login('right')).toBe(200);
  telemetry = new Telemetry();
  expect([...(await telemetry.measure()).keys()]).toEqual([]);
});
