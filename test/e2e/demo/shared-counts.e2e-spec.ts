import { afterEach, describe, expect, test } from '@jest/globals';
import { AdminConsole } from './admin-console.js';
import { DemoServer, PASSWORD } from './demo-server.js';

const MINUTE = 60_000;
const WRONG_CODE = { otp: '/auth/otp', recovery: '/auth/recovery-code' } as const;

let server: DemoServer;

afterEach(async () => {
  await server.close();
});

const start = async (preset: string): Promise<void> => {
  server = await DemoServer.start({ environment: { LOCKOUT_PRESET: preset } });
};

const wrongPassword = async (): Promise<number> => (await server.visitor().login('alice', 'wrong')).status;

/** A code other than those that are in a mail, if any. */
async function wrongOtp(): Promise<number> {
  const visitor = server.visitor();
  const mails = await visitor.mails('alice');
  const code = mails.some(({ text }) => text.includes('code is 000000')) ? '000001' : '000000';
  return (await visitor.post(WRONG_CODE.otp, { username: 'alice', code })).status;
}

const wrongRecoveryCode = async (): Promise<number> =>
  (await server.visitor().post(WRONG_CODE.recovery, { username: 'alice', code: 'AAAAA-AAAAA' })).status;

async function times(count: number, guess: () => Promise<number>): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push(await guess());
  return statuses;
}

async function rightOtp(): Promise<number> {
  const visitor = server.visitor();
  await visitor.post('/auth/otp/request', { username: 'alice' });
  return (await visitor.post('/auth/otp', { username: 'alice', code: await visitor.mailedCode('alice') }))
    .status;
}

async function magicLink(): Promise<number> {
  const visitor = server.visitor();
  await visitor.post('/auth/magic-link/request', { username: 'alice' });
  return (await visitor.post('/auth/magic-link', { token: await visitor.mailedToken('alice') })).status;
}

/** One of alice's recovery codes, from an open session of hers. */
async function recoveryCode(): Promise<string> {
  const alice = server.visitor();
  await alice.login('alice', PASSWORD);
  return (await alice.get('/me?recoveryCodes=1')).body.recoveryCodes[0] ?? '';
}

describe('ways to sign in share counts as the policy says (pitfall 21)', () => {
  test('reachfive counts passwords alone: wrong codes lock nothing, and right ones work while locked (R5-16)', async () => {
    await start('reachfive');
    const code = await recoveryCode();
    expect(await times(10, wrongOtp)).not.toContain(429);
    expect(await times(10, wrongRecoveryCode)).not.toContain(429);
    expect(await times(6, wrongPassword)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(await wrongPassword()).toBe(429);
    expect(await rightOtp()).toBe(200);
    expect(await magicLink()).toBe(200);
    expect((await server.visitor().post('/auth/recovery-code', { username: 'alice', code })).status).toBe(
      200,
    );
    expect(await wrongPassword()).toBe(429);
  });

  test('authgear counts passwords and codes together, from any device, and its lock refuses everything (AG-3, AG-4, AG-10)', async () => {
    await start('authgear');
    expect(await times(4, wrongPassword)).toEqual([401, 401, 401, 401]);
    expect(await times(3, wrongOtp)).toEqual([401, 401, 401]);
    expect(await times(3, wrongRecoveryCode)).toEqual([401, 401, 401]);
    expect(await wrongPassword()).toBe(429);
    expect(await wrongOtp()).toBe(429);
    expect(await wrongRecoveryCode()).toBe(429);
    expect(await rightOtp()).toBe(429);
    expect(await magicLink()).toBe(429);
    expect((await server.visitor().login('alice', PASSWORD)).headers.get('retry-after')).toBe('60');
    server.advance(MINUTE);
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
  });

  test('a new code does not reset the count (pitfall 22)', async () => {
    await start('authgear');
    for (let round = 0; round < 10; round += 1) {
      await server.visitor().post('/auth/otp/request', { username: 'alice' });
      expect(await wrongOtp()).toBe(401);
    }
    expect(await rightOtp()).toBe(429);
  });

  test('outsystems blocks alice at this address after three, with its own sentence (OS-1, OS-20)', async () => {
    await start('outsystems');
    expect(await times(3, wrongPassword)).toEqual([401, 401, 401]);
    const { status, body } = await server.visitor().login('alice', PASSWORD);
    expect(status).toBe(429);
    expect(body.detail).toBe('Too many failed login attempts. Please try again in a few minutes.');
    expect(body.policy).toBeUndefined();
    expect((await server.visitor().login('bob', PASSWORD)).status).toBe(200);
  });

  test('onewelcome gives a full budget after each lock (OW-8)', async () => {
    await start('onewelcome');
    expect(await times(5, wrongPassword)).toEqual([401, 401, 401, 401, 401]);
    server.advance(5 * MINUTE);
    expect(await times(5, wrongPassword)).toEqual([401, 401, 401, 401, 401]);
    expect((await server.visitor().login('alice', PASSWORD)).headers.get('retry-after')).toBe('600');
  });

  test('contentstack locks for good at the tenth failure; the administrator unlocks (CS-7)', async () => {
    await start('contentstack');
    expect(await times(5, wrongPassword)).toEqual([401, 401, 401, 401, 401]);
    for (const minutes of [5, 10, 15, 20, 25]) {
      expect((await server.visitor().login('alice', PASSWORD)).headers.get('retry-after')).toBe(
        String(minutes * 60),
      );
      server.advance(minutes * MINUTE);
      expect(await wrongPassword()).toBe(401);
    }
    const locked = await server.visitor().login('alice', PASSWORD);
    expect([locked.status, locked.headers.get('retry-after'), locked.body.retryAt]).toEqual([
      429,
      null,
      null,
    ]);
    const admin = await AdminConsole.open(server);
    await admin.unlock('alice');
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
  });

  test('LOCKOUT_POLICIES overrides the preset, so that short locks can be tried', async () => {
    const policies = [{ name: 'short', threshold: 2, schedule: { kind: 'fixed', durationMs: 3000 } }];
    server = await DemoServer.start({ environment: { LOCKOUT_POLICIES: JSON.stringify(policies) } });
    expect(await times(3, wrongPassword)).toEqual([401, 401, 429]);
    server.advance(3000);
    expect((await server.visitor().login('alice', PASSWORD)).status).toBe(200);
  });
});
