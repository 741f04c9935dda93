import { expect, test } from '@jest/globals';
import { type AuthgearOptions, authgear, minutes, PolicyError, seconds } from 'nestjs-lockout/policy';
import { KINDS } from './app/authenticators.js';
import { onBothDatabases } from './app/house.js';
import { faultsOf, PolicyDesk } from './app/policy-desk.js';
import type { SiteOptions } from './app/site.js';
import type { Visitor } from './app/visitor.js';
import { playOverHttp } from './http-timeline.js';

const site = (options: AuthgearOptions): SiteOptions => ({
  policies: authgear({ enabled: true, ...options }),
});

const off: SiteOptions = { policies: authgear() };
const on = site({ name: 'authgear-on' });
const five = site({ name: 'authgear-five', maximumAttempts: 5 });
/** The vendor's own test, in seconds. */
const GOLDEN: AuthgearOptions = {
  maximumAttempts: 3,
  historyMs: seconds(300),
  lockMs: seconds(10),
  maximumLockMs: seconds(50),
};
const golden = site({ name: 'authgear-golden', ...GOLDEN });
const shortHistory = site({ name: 'authgear-short', ...GOLDEN, historyMs: seconds(50) });
const sameAddress = site({ name: 'authgear-here', ...GOLDEN, type: 'same-address' });
const passwords = site({ name: 'authgear-passwords', maximumAttempts: 2, methods: ['password'] });

const inMinutes = { unitMs: minutes(1) };
const failures = (count: number, at: string) => Array(count).fill(`${at} –`).join(',');

onBothDatabases('Authgear', (house) => {
  const play = async (options: SiteOptions, written: string, unit = {}): Promise<Visitor> =>
    playOverHttp(house(), await house().person(options), written, unit);

  test('AG-1 off by default: 1,000 failures lock nothing; turned on, the examples are the defaults', async () => {
    const target = await house().person(off);
    for (let round = 0; round < 40; round += 1) {
      const statuses = await Promise.all(Array.from({ length: 25 }, () => target.guess()));
      expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([401]));
    }
    expect((await target.signIn()).status).toBe(200);
    await play(on, `${failures(9, '0')}, 0: 1, 1: 3, 3: 7, 7: 12, 12: 17`, inMinutes);
  });

  test('AG-2 every lock has an end, at which the right credential signs in', async () => {
    await play(on, `${failures(9, '0')}, 0: 1, 1-1ms refused 1, 1 ok`, inMinutes);
  });

  test('AG-3 wrong password, one-time code, TOTP and recovery code count one each; a malformed code is no attempt', async () => {
    const target = await play(on, '0 – (1), 0 #otp – (2), 0 #totp – (3), 0 #recovery-code – (4)');
    for (const kind of ['otp', 'totp', 'recovery-code']) {
      for (let n = 0; n < 20; n += 1) {
        const { status } = await target.post(`/auth/${kind}`, {
          username: target.credentials.name,
          credential: '12 34',
        });
        expect(status).toBe(400);
      }
    }
    await playOverHttp(house(), target, '0 – (5)');
  });

  test('AG-4 in one shared counter: of five, two wrong passwords and three wrong recovery codes lock', async () => {
    await play(five, '0 –, 0 –, 0 #recovery-code –, 0 #recovery-code –, 0 #recovery-code: 1', inMinutes);
  });

  test('AG-5 the count is forgotten exactly 24 h after the last failure', async () => {
    await play(on, `${failures(8, '0')}, 1440-1ms –, 1440-1ms: 1441-1ms`, inMinutes);
    await play(on, `${failures(8, '0')}, ${failures(9, '1440')}, 1440: 1441`, inMinutes);
  });

  test('AG-5 the locking failure refreshes the history too', async () => {
    await play(golden, '0 –, 0 –, 60: 70, 360-1ms: 380-1ms');
    await play(golden, '0 –, 0 –, 60: 70, 360 – (1)');
  });

  test('AG-6 the first lock is the lockout duration itself, and the next its double', async () => {
    await play(on, `${failures(9, '0')}, 0: 1, 1: 3`, inMinutes);
  });

  test('AG-7 after it each failure relocks by the factor; fractions round up to the millisecond', async () => {
    await play(golden, '0 –, 0 –, 0: 10, 10: 30, 30: 70, 70: 120');
    const fractions = site({
      name: 'authgear-fractions',
      maximumAttempts: 1,
      lockMs: 1001,
      backoffFactor: 1.5,
      maximumLockMs: seconds(60),
    });
    // 1001, 1501.5, 2252.25
    await play(fractions, '0: 1001, 1001: 2503, 2503: 4756', { unitMs: 1 });
    expect(() => authgear({ backoffFactor: 0.5 })).toThrow(PolicyError);
  });

  test('AG-8 no lock exceeds the maximum; a maximum below the duration is refused, in configuration and when saved', async () => {
    await play(on, `${failures(9, '0')}, 0: 1, 1: 3, 3: 7, 7: 12, 12: 17`, inMinutes);
    expect(() => authgear({ lockMs: minutes(6) })).toThrow(PolicyError);
    const name = 'authgear-8';
    const desk = new PolicyDesk(await house().administrator(site({ name })));
    const schedule = { kind: 'exponential', initialMs: minutes(6), factor: 2, by: 'failures' };
    const answer = await desk.save({ policy: name }, { schedule: { ...schedule, maximumMs: minutes(5) } });
    expect(answer.status).toBe(422);
    expect(faultsOf(answer)).toContain('schedule.initialMs');
  });

  test('AG-9 any device: one count and refused everywhere; same address: others still log in', async () => {
    await play(golden, '0 @A –, 0 @B –, 0 @C: 10, 1 @A refused 10, 1 @D refused 10');
    await play(sameAddress, '0 @A –, 0 @A –, 0 @B –, 0 @A: 10, 1 @A refused 10, 1 @B ok, 1 @C ok');
  });

  test('AG-10 only chosen authenticators count, but a lock refuses every one', async () => {
    await play(passwords, '0 – (1), 0 #totp – (1), 0 #recovery-code – (1), 0: 1', inMinutes);
    const target = await play(passwords, '0 –, 0: 1', inMinutes);
    for (const kind of KINDS) expect((await target.signIn(kind)).status).toBe(429);
  });

  test("AG-11 a completed login clears only what the caller's address contributed, and lifts no lock", async () => {
    await play(golden, '0 @A –, 0 @A –, 0 @B: 10, 5 @A refused, 10 @A ok (1), 11 @B – (2)');
    await play(golden, '0 @B –, 0 @B –, 1 @A ok (2), 2 @B: 12');
  });

  test('AG-11 a first factor clears nothing; the login is completed by the second', async () => {
    const careful = await house().person(golden, { secondFactor: true });
    const { clock } = house();
    expect(await careful.guesses(2)).toEqual([401, 401]);
    expect((await careful.signIn()).body).toEqual({ next: 'totp' });
    await playOverHttp(house(), careful, '0: 10');
    clock.advance(seconds(10));
    expect((await careful.signIn()).body).toEqual({ next: 'totp' });
    expect((await careful.signIn('totp')).status).toBe(200);
    await playOverHttp(house(), careful, '0 – (1), 0 –, 0: 10');
  });

  test('AG-12 the golden vector', async () => {
    await play(
      golden,
      '1 –, 2 –, 3: 13, 4 refused, 13: 33, 14 refused, 33: 73, 34 refused, 73: 123, 74 refused, 373 –, 373 –, 373: 383',
    );
  });

  test('AG-13 a history not longer than the longest lock is warned of at start, and a lock never ends early', async () => {
    const warnings = async (options: SiteOptions) => {
      const { body } = await (await house().stranger(options)).get('/health');
      return (body['checks'] as readonly { readonly id: string }[]).map(({ id }) => id);
    };
    expect(await warnings(shortHistory)).toContain('LCK101');
    expect(await warnings(golden)).not.toContain('LCK101');
    await play(shortHistory, '1 –, 2 –, 3: 13, 13: 33, 33: 73, 73: 123, 123-1ms refused 123, 123 – (1)');
  });

  test('AG-14 unknown accounts lock just the same', async () => {
    const stranger = await house().stranger(golden);
    expect(await stranger.guesses(3)).toEqual([401, 401, 401]);
    const refused = await stranger.guess();
    expect(refused.status).toBe(429);
    expect(Date.parse(refused.body.retryAt ?? '') - house().clock.now()).toBe(seconds(10));
    house().clock.advance(seconds(10));
    expect(await stranger.guesses(2)).toEqual([401, 429]);
  });
});
