import { describe, expect, it } from '@jest/globals';
import type { AttemptRequest, LockoutEngine } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { alice, engineOf, failTimes, policy, stores, time } from './bench.js';

const FROM: AttemptRequest = { ...alice, device: 'laptop-1', userAgent: 'Mozilla/5.0 (X11)' };
const notifying = () => [policy({ notify: { from: 1 }, threshold: 2 })];

const events = async () =>
  (await stores.memory.list({ limit: 20 })).items.map(({ event }) => event).reverse();

const agentOf = async (engine: LockoutEngine, userAgent: AttemptRequest['userAgent']) => {
  await failTimes(engine, 1, { ...alice, userAgent });
  const last = (await events()).at(-1);
  return last && 'origin' in last ? last.origin?.userAgent : undefined;
};

describe('where failures come from', () => {
  it('is in their events where labels are kept', async () => {
    const engine = engineOf({ labels: true, policies: notifying() });
    await failTimes(engine, 2, FROM);
    const origin = {
      account: alice.account,
      address: '192.0.2.1',
      device: 'laptop-1',
      userAgent: 'Mozilla/5.0 (X11)',
    };
    expect(await events()).toMatchObject([
      { type: 'failed', origin },
      { type: 'locked', origin },
    ]);
  });

  it('names the attempt, so that the events of several policies about one failure are known as such', async () => {
    const second = policy({ name: 'address', scope: ['address'], notify: { from: 1 } });
    const engine = engineOf({ labels: true, policies: [...notifying(), second] });
    await failTimes(engine, 2, FROM);
    const attempts = (await events()).map((event) => ('origin' in event ? event.origin?.attempt : undefined));
    expect(attempts).toHaveLength(4);
    expect(new Set(attempts).size).toBe(2);
    expect(attempts).not.toContain(undefined);
    expect((await events()).at(-1)).toMatchObject({ origin: { account: alice.account } });
  });

  it('P10 is nowhere without labels', async () => {
    const engine = engineOf({ policies: notifying() });
    await failTimes(engine, 2, FROM);
    expect(JSON.stringify(await events())).not.toMatch(/origin|192\.0\.2|laptop|Mozilla/);
    expect(await events()).toHaveLength(2);
  });

  it('is not put on what an attempt of somebody else did, which was overdue', async () => {
    const engine = engineOf({ labels: true, policies: [policy({ threshold: 3, notify: { from: 1 } })] });
    await engine.begin({ ...alice, userAgent: 'dead process' });
    const begun = await engine.begin(FROM);
    time.now += minutes(2) - 1;
    await engine.begin({ ...alice, userAgent: 'third' });
    time.now += 2;
    if (begun.allowed) await begun.attempt.fail();
    const found = await events();
    expect(found.length).toBeGreaterThan(0);
    for (const event of found) expect(event).not.toHaveProperty('origin');
  });

  it('is in what a success after failures tells, where labels are kept', async () => {
    for (const labels of [true, false]) {
      const account = `alice-${labels}`;
      const engine = engineOf({ labels, policies: [policy({ threshold: 9, notify: { successAfter: 2 } })] });
      await failTimes(engine, 2, { ...FROM, account, userAgent: 'wrong twice' });
      const begun = await engine.begin({ ...FROM, account });
      if (begun.allowed) await begun.attempt.succeed();
      const told = (await events()).slice(-2);
      expect(told.map(({ type }) => type)).toEqual(['succeeded-after-failures', 'cleared']);
      const attempt = begun.allowed && begun.attempt.id;
      const origin = {
        account,
        address: '192.0.2.1',
        device: 'laptop-1',
        userAgent: FROM.userAgent,
        attempt,
      };
      for (const event of told) {
        if (labels) expect(event).toHaveProperty('origin', origin);
        else expect(event).not.toHaveProperty('origin');
      }
    }
  });

  it('is not put on what was overdue when a success came, which somebody else did', async () => {
    const engine = engineOf({ labels: true, policies: [policy({ threshold: 9, notify: { from: 1 } })] });
    await engine.begin({ ...alice, userAgent: 'dead process' });
    time.now += minutes(2) - 1;
    const begun = await engine.begin(FROM);
    time.now += 2;
    if (begun.allowed) await begun.attempt.succeed();
    const [failed, ...others] = await events();
    expect(failed).toMatchObject({ type: 'failed', failures: 1 });
    expect(failed).not.toHaveProperty('origin');
    // It came after the charge of the success, which therefore clears nothing.
    expect(others).toEqual([]);
    await failTimes(engine, 1, { ...alice, userAgent: 'wrong' });
    const again = await engine.begin(FROM);
    if (again.allowed) await again.attempt.succeed();
    expect((await events()).slice(1)).toMatchObject([
      { type: 'failed', origin: { userAgent: 'wrong' } },
      { type: 'cleared', consecutive: 2, origin: { userAgent: FROM.userAgent } },
    ]);
  });

  it('what a client calls itself is cut, and loses what a log or a terminal would obey', async () => {
    const engine = engineOf({ labels: true, policies: [policy({ notify: { from: 1 }, threshold: 1_000 })] });
    expect(await agentOf(engine, 'curl/8\r\n2026-01-01 admin signed in\u001b[2J\u202e')).toBe(
      'curl/82026-01-01 admin signed in[2J',
    );
    expect(await agentOf(engine, `${'x'.repeat(511)}😀`)).toBe('x'.repeat(511));
    expect(await agentOf(engine, 'y'.repeat(100_000))).toBe('y'.repeat(512));
    for (const nothing of ['', ' \t ', null, undefined])
      expect(await agentOf(engine, nothing)).toBeUndefined();
    expect(await agentOf(engine, 17 as unknown as string)).toBeUndefined();
  });
});
