import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { definePolicy, minutes, outSystems } from 'nestjs-lockout/policy';
import { type AdminApp, type AdminAppOptions, type Answer, HOUSES, startAdminApp } from './admin-app.js';

const HOME = '192.0.2.1';
const AWAY = '192.0.2.2';
const why = { reason: 'called us, was verified' };
const ALICE = '/lockout/accounts/default/alice';

const statusesOf = (answers: readonly Answer[]): readonly number[] =>
  answers.map(({ status }) => status).sort((a, b) => a - b);

describe.each(HOUSES)('acting on what was seen, on $platform with the $store store', (house) => {
  let admin: AdminApp;

  const start = async (options: Partial<AdminAppOptions> = {}) => {
    admin = await startAdminApp({ ...house, ...options });
  };
  afterEach(() => admin.close());

  const tagOf = async (path = ALICE): Promise<string> => (await admin.get(path)).headers.get('etag') ?? '';
  const unlock = (tag: string, path = `${ALICE}/unlock`) => admin.post(path, why, { 'if-match': tag });

  describe('an account', () => {
    beforeEach(async () => {
      await start();
      await admin.fail('alice', 3);
    });

    it('has the same tag until it changes, and is unlocked and locked as it was seen', async () => {
      const tag = await tagOf();
      expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
      expect(await tagOf()).toBe(tag);
      expect((await unlock(tag)).body).toEqual({ changed: true });
      expect(await admin.isRefused('alice')).toBe(false);
      const after = await tagOf();
      expect(after).not.toBe(tag);
      const locked = await admin.post(`${ALICE}/lock`, { until: null, ...why }, { 'if-match': after });
      expect(locked.status).toBe(200);
      expect(await admin.isRefused('alice')).toBe(true);
    });

    it('that was unlocked and locked again meanwhile stays locked: 412', async () => {
      const tag = await tagOf();
      await admin.engine.unlock({ account: 'alice' }, { by: 'somebody else', reason: 'first' });
      await admin.fail('alice', 3);
      const late = await unlock(tag);
      expect(late.status).toBe(412);
      expect(late.headers.get('content-type')).toContain('application/problem+json');
      expect(late.body).toMatchObject({ status: 412, title: 'Precondition Failed' });
      expect(await admin.isRefused('alice')).toBe(true);
      const lock = await admin.post(`${ALICE}/lock`, { until: null, ...why }, { 'if-match': tag });
      expect(lock.status).toBe(412);
      expect((await admin.get(ALICE)).body.locks).toHaveLength(1);
    });

    it('that somebody unlocked is 412 too, not "not locked"', async () => {
      const tag = await tagOf();
      await admin.engine.unlock({ account: 'alice' }, { by: 'somebody else', reason: 'first' });
      expect((await unlock(tag)).status).toBe(412);
      expect((await admin.post(`${ALICE}/unlock`, why)).body).toEqual({ changed: false });
    });

    it('takes one of several tags, any with *, and no weak one', async () => {
      const tag = await tagOf();
      expect((await unlock(`W/${tag}`)).status).toBe(412);
      expect((await unlock('"0123"')).status).toBe(412);
      for (const header of ['nonsense', `${tag} ${tag}`, '"open'])
        expect((await unlock(header)).status).toBe(400);
      expect(await admin.isRefused('alice')).toBe(true);
      expect((await unlock(`"0123", ${tag}`)).body).toEqual({ changed: true });
      await admin.fail('alice', 3);
      expect((await unlock('*')).body).toEqual({ changed: true });
    });

    it('is asked about only once it is clear that it may be, and that it exists', async () => {
      const nobody = await unlock('"0123"', '/lockout/accounts/default/nobody/unlock');
      expect(nobody.status).toBe(404);
    });

    it('is unlocked by one of twenty who saw the same; the others are told', async () => {
      const tag = await tagOf();
      const answers = await Promise.all(Array.from({ length: 20 }, () => unlock(tag)));
      expect(statusesOf(answers)).toEqual([200, ...Array(19).fill(412)]);
      const { items } = await admin.engine.options.store.list({ limit: 10, type: 'unlocked' });
      expect(items).toHaveLength(1);
    });

    it('is locked by one of twenty who saw the same, though it never had a lock by hand', async () => {
      const tag = await tagOf();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          admin.post(`${ALICE}/lock`, { until: null, reason: `administrator ${index}` }, { 'if-match': tag }),
        ),
      );
      expect(statusesOf(answers)).toEqual([200, ...Array(19).fill(412)]);
    });
  });

  it('what changes while a hook is awaited, after the look and before the swap, is seen by the swap', async () => {
    let meanwhile = async (): Promise<void> => {};
    await start({
      admin: {
        canUnlock: async () => {
          await meanwhile();
          return { unlockable: true };
        },
      },
    });
    await admin.fail('alice', 3);
    const tag = await tagOf();
    let asked = 0;
    meanwhile = async () => {
      asked += 1;
      await admin.engine.unlock({ account: 'alice' }, { by: 'somebody else', reason: 'first' });
      await admin.fail('alice', 3);
    };
    const raced = await unlock(tag);
    expect([raced.status, asked]).toEqual([412, 1]);
    expect(await admin.isRefused('alice')).toBe(true);
    meanwhile = async () => {};
    expect((await unlock(await tagOf())).body).toEqual({ changed: true });
  });

  describe('one row', () => {
    beforeEach(() => start({ lockout: { policies: outSystems() } }));

    it('of an account is lifted only if the account is as it was seen', async () => {
      await admin.fail('alice', 3, { address: HOME });
      await admin.fail('alice', 2, { address: AWAY });
      const { body } = await admin.get(ALICE);
      const row = `/lockout/records/${body.locks[0].id}/unlock`;
      const tag = await tagOf();
      // Another row of hers.
      await admin.fail('alice', 1, { address: AWAY });
      expect((await unlock(tag, row)).status).toBe(412);
      expect(await admin.isRefused('alice', { address: HOME })).toBe(true);
      expect((await unlock(await tagOf(), row)).body).toEqual({ changed: true });
      expect(await admin.isRefused('alice', { address: HOME })).toBe(false);
      expect(await admin.isRefused('alice', { address: AWAY })).toBe(true);
    });

    it('of an address likewise', async () => {
      for (let user = 1; user <= 10; user += 1) await admin.fail(`user-${user}`, 2, { address: HOME });
      const path = `/lockout/addresses/default/${HOME}`;
      const tag = await tagOf(path);
      const { body } = await admin.get(path);
      const row = `/lockout/records/${body.locks[0].id}/unlock`;
      expect((await unlock('"0123"', row)).status).toBe(412);
      expect((await unlock(tag, row)).body).toEqual({ changed: true });
      expect((await unlock(tag, row)).status).toBe(412);
      expect(await admin.isRefused('x', { address: HOME })).toBe(false);
    });
  });

  it('a lock at a record that the swap only reads is seen too, though another process set it', async () => {
    const slow = definePolicy({
      name: 'codes',
      threshold: 2,
      counts: ['otp'],
      schedule: { kind: 'fixed', durationMs: minutes(5) },
    });
    await start({ lockout: { policies: [slow] } });
    await admin.fail('alice', 1, { method: 'otp' });
    const tag = await tagOf();
    // Known to this process for a second, as it was before.
    await admin.isRefused('alice', { method: 'otp' });
    const other = await startAdminApp({
      platform: house.platform,
      lockout: { policies: [slow], store: admin.engine.options.store },
    });
    try {
      await other.fail('alice', 1, { method: 'otp' });
    } finally {
      await other.close();
    }
    // The lock by hand writes a record of its own, and only reads the one that changed.
    const late = await admin.post(`${ALICE}/lock`, { until: null, ...why }, { 'if-match': tag });
    expect(late.status).toBe(412);
  });
});
