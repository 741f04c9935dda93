// What the log says of events.
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import type { LockoutModuleOptions } from 'nestjs-lockout';
import { type LoginApp, policy, startLoginApp } from '../../support/login-app.js';

const WHO = { account: 'alice@example.com', address: '192.0.2.7', method: 'password' };
const ADA = { by: 'ada@example.com', reason: 'called, proved who she is' };

let app: LoginApp;
let lines: string[];

afterEach(() => app.close());

async function start(lockout: Partial<LockoutModuleOptions> = {}): Promise<void> {
  lines = [];
  app = await startLoginApp({
    lockout: {
      waitMs: 0,
      sweepIntervalMs: 0,
      labels: true,
      policies: [policy({ notify: { from: 1, successAfter: 2 } })],
      ...lockout,
    },
    metadata: {},
  });
  const note = (level: string) => (message: unknown, context: unknown) => {
    lines.push(`${level} [${String(context)}] ${String(message)}`);
  };
  const logger: LoggerService = { log: note('log'), warn: note('warn'), error: note('error') };
  app.app.useLogger(logger);
}

/** A lock by failures, its unlock, and a sign-in after failures. */
async function play(): Promise<void> {
  const { engine } = app;
  for (let n = 0; n < 3; n += 1) await engine.protect(WHO, () => false);
  for (let n = 0; n < 10; n += 1) await engine.protect(WHO, () => true);
  await engine.unlock({ account: WHO.account }, ADA);
  for (let n = 0; n < 2; n += 1) await engine.protect(WHO, () => false);
  await engine.protect(WHO, () => true);
  await engine.accounts.erase({ account: WHO.account }, ADA);
}

const types = () => lines.map((line) => /event=(\S+)/.exec(line)?.[1]);
const recorded = async () => (await app.engine.options.store.list({ limit: 100 })).items;

describe('the event log', () => {
  test('has one line for each event that changes who may sign in, and for what people did; refusals make none', async () => {
    await start();
    const { engine } = app;
    for (let n = 0; n < 3; n += 1) await engine.protect(WHO, () => false);
    const [locked] = (await recorded()).filter(({ event }) => event.type === 'locked');
    expect(lines).toEqual([
      `warn [Lockout] event=locked policy=login realm=default change=locked cause=failures failures=3 escalation=1 until=2026-01-01T00:05:00.000Z id=${locked?.id ?? ''}`,
    ]);
    for (let n = 0; n < 10; n += 1) await engine.protect(WHO, () => true);
    await engine.unlock({ account: WHO.account }, ADA);
    for (let n = 0; n < 2; n += 1) await engine.protect(WHO, () => false);
    await engine.protect(WHO, () => true);
    await engine.accounts.erase({ account: WHO.account }, ADA);
    const ids = (await recorded()).map(({ id }) => id);
    expect(lines.slice(1).map((line) => line.replace(/ id=.*/, ''))).toEqual([
      'log [Lockout] event=unlocked policy=login realm=default via=admin failures=3 escalation=1',
      'log [Lockout] event=succeeded-after-failures policy=login realm=default failures=2',
      'log [Lockout] event=administered policy=administration realm=default action=erase count=8',
    ]);
    for (const line of lines) expect(ids).toContain(/ id=([0-9a-f]{32})$/.exec(line)?.[1]);
  });

  test('names nobody, whatever is logged', async () => {
    await start({
      logEvents: [
        'locked',
        'expired',
        'unlocked',
        'failed',
        'refund-refused',
        'cleared',
        'succeeded-after-failures',
        'policy-changed',
        'administered',
      ],
    });
    await play();
    expect(types()).toEqual([
      ...[
        'failed',
        'failed',
        'locked',
        'unlocked',
        'failed',
        'failed',
        'succeeded-after-failures',
        'cleared',
      ],
      'administered',
    ]);
    const text = lines.join('\n').replaceAll(/ id=[0-9a-f]{32}$/gm, '');
    expect(text).not.toMatch(/alice|ada|192|called|[0-9a-f]{16}/);
  });

  test.each([
    { logEvents: false, told: [] },
    { logEvents: ['unlocked'] as const, told: ['unlocked'] },
  ])('is as long as it is asked to be: $logEvents', async ({ logEvents, told }) => {
    await start({ logEvents });
    await play();
    expect(types()).toEqual(told);
  });

  test("leaves the application's own listener its events, with their ids", async () => {
    const heard: string[] = [];
    await start({ onEvent: ({ type }, { id }) => heard.push(`${type} ${id}`) });
    await play();
    const all = (await recorded()).map(({ event, id }) => `${event.type} ${id}`);
    expect(heard.toSorted()).toEqual(all.toSorted());
  });
});
