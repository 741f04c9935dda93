import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { DeliveryRefusedError, LockoutNotifier, type LockoutSink } from 'nestjs-lockout';
import { policy } from '../../support/login-app.js';
import { Telemetry } from '../../support/telemetry.js';
import { startWatchedApp, type WatchedApp } from './watched-app.js';

let telemetry: Telemetry;
let app: WatchedApp;

beforeEach(() => {
  telemetry = new Telemetry();
});
afterEach(async () => {
  await app.close();
  await telemetry.shutdown();
});

const told = ({ name, attributes }: ReadableSpan) => ({ name, ...attributes });
const msOf = ({ duration: [seconds, nanoseconds] }: ReadableSpan): number =>
  Math.round(seconds * 1_000 + nanoseconds / 1e6);

describe('spans', () => {
  test('are children of the request that asked, also where several are decided together', async () => {
    app = await startWatchedApp();
    await Promise.all([app.login('right'), app.login('wrong', 'bob')]);
    const spans = telemetry.spans();
    const requests = spans.filter(({ name }) => name === 'POST /login');
    expect(requests).toHaveLength(2);
    const families = requests.map((request) =>
      spans
        .filter(({ parentSpanContext }) => parentSpanContext?.spanId === request.spanContext().spanId)
        .map((span) => {
          expect(span.spanContext().traceId).toBe(request.spanContext().traceId);
          return `${span.name} ${String(span.attributes['lockout.outcome'])}`;
        })
        .join(', '),
    );
    expect(families.sort()).toEqual([
      'lockout.judge admitted, lockout.begin admitted, lockout.settle failure',
      'lockout.judge admitted, lockout.begin admitted, lockout.settle success',
    ]);
  });

  test('say what was decided, by which policy, and how it ended', async () => {
    app = await startWatchedApp({ policies: [policy({ threshold: 1 })] });
    await app.login('wrong');
    const method = { 'lockout.method': 'password' };
    expect(telemetry.spans().map(told)).toEqual([
      { name: 'lockout.judge', ...method, 'lockout.outcome': 'admitted' },
      { name: 'lockout.begin', ...method, 'lockout.outcome': 'admitted' },
      { name: 'lockout.settle', ...method, 'lockout.outcome': 'failure', 'lockout.locked_by': ['login'] },
      { name: 'POST /login' },
    ]);
    await app.login('right');
    expect(telemetry.spans().map(told)[0]).toEqual({
      name: 'lockout.judge',
      ...method,
      'lockout.outcome': 'refused',
      'lockout.policy': 'login',
      'lockout.reason': 'locked',
    });
    await app.engine.protect({ account: '2', method: 'otp' }, () => true, { final: false });
    expect(telemetry.spans().map(told)[1]).toEqual({
      name: 'lockout.settle',
      'lockout.method': 'otp',
      'lockout.outcome': 'success',
      'lockout.final': false,
    });
  });

  test('last as long as what they stand for, and end when it did', async () => {
    app = await startWatchedApp();
    app.pace.ms = 30;
    const from = Date.now();
    await app.engine.begin({ account: '1', method: 'password' });
    const [span] = telemetry.spans();
    if (!span) throw new Error('no span');
    expect(msOf(span)).toBe(60);
    const endedAt = span.endTime[0] * 1_000 + span.endTime[1] / 1e6;
    expect(endedAt).toBeGreaterThanOrEqual(from);
    expect(endedAt).toBeLessThanOrEqual(Date.now());
  });

  test('are errors where nothing could be decided', async () => {
    app = await startWatchedApp();
    app.store.fault = () => 'before';
    await app.engine.begin({ account: '1', method: 'password' }).catch(() => {});
    const [span] = telemetry.spans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ 'lockout.outcome': 'unavailable', 'error.type': 'unreachable' });
  });

  test('tell each delivery, and of what it failed with the class alone', async () => {
    const answers = [new Error('alice is at 192.0.2.7'), new DeliveryRefusedError('bob has no pager'), null];
    const pager: LockoutSink = {
      name: 'pager',
      wants: ({ type }) => type === 'locked',
      deliver: async () => {
        await app.clock.advance(40);
        const answer = answers.shift();
        if (answer) throw answer;
      },
    };
    app = await startWatchedApp({
      sinks: [pager],
      delivery: { dispatch: false },
      policies: [policy({ threshold: 1 })],
    });
    const notifier = app.app.get(LockoutNotifier);
    await app.login('wrong');
    telemetry.spans();
    await trace.getTracer('jobs').startActiveSpan('deliver', async (job) => {
      await notifier.runOnce();
      await app.clock.advance(10_000);
      await notifier.runOnce();
      await app.login('wrong', 'bob');
      await notifier.runOnce();
      job.end();
    });
    const spans = telemetry.spans();
    const job = spans.find(({ name }) => name === 'deliver');
    const deliveries = spans.filter(({ name }) => name === 'lockout.deliver');
    const of = { name: 'lockout.deliver', 'lockout.sink': 'pager', 'lockout.event': 'locked' };
    expect(deliveries.map(told)).toEqual([
      { ...of, 'lockout.outcome': 'failed', 'error.type': 'Error' },
      { ...of, 'lockout.outcome': 'dead', 'error.type': 'DeliveryRefusedError' },
      { ...of, 'lockout.outcome': 'delivered' },
    ]);
    for (const span of deliveries) {
      expect(span.parentSpanContext?.spanId).toBe(job?.spanContext().spanId);
      expect(msOf(span)).toBe(40);
    }
    expect(
      JSON.stringify(deliveries.map(({ attributes, events, status }) => [attributes, events, status])),
    ).not.toMatch(/alice|bob|192/);
  });
});
