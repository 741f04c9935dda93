import { expect, test } from '@jest/globals';
import { days, minutes, type OneWelcomeOptions, oneWelcome } from 'nestjs-lockout/policy';
import { onBothDatabases } from './app/house.js';
import { faultsOf, PolicyDesk } from './app/policy-desk.js';
import type { SiteOptions } from './app/site.js';
import type { Visitor } from './app/visitor.js';
import { playOverHttp } from './http-timeline.js';

const inMinutes = { unitMs: minutes(1) };

/** The schedule as the API takes it: lockout time in minutes, multiplier. */
const schedule = (lockoutTime: number, multiplier: number) => ({
  kind: 'exponential',
  initialMs: minutes(lockoutTime),
  factor: multiplier,
  by: 'lockouts',
});

onBothDatabases('OneWelcome', (house) => {
  /** A tenant of its own: its settings are saved, and all tenants here share a database. */
  const tenant = async (name: string, options: OneWelcomeOptions = {}) => {
    const site: SiteOptions = { policies: oneWelcome({ name, counter: name, ...options }) };
    return { site, policy: { policy: name }, desk: new PolicyDesk(await house().administrator(site)) };
  };
  const play = async (site: SiteOptions, written: string): Promise<Visitor> =>
    playOverHttp(house(), await house().person(site), written, inMinutes);
  const configured = (options: OneWelcomeOptions): SiteOptions => ({
    policies: oneWelcome({ name: JSON.stringify(options).replaceAll(/\W/g, '').toLowerCase(), ...options }),
  });

  test.each([
    [
      'OW-1 maximum failed attempts',
      'threshold',
      [1, 10],
      [0, 11],
      (value: number) => ({ threshold: value }),
    ],
    [
      'OW-2 lockout time',
      'schedule.initialMs',
      [1, 60],
      [0, 61],
      (value: number) => ({ schedule: schedule(value, 2) }),
    ],
    [
      'OW-3 multiplier',
      'schedule.factor',
      [2, 10],
      [1, 11],
      (value: number) => ({ schedule: schedule(5, value) }),
    ],
  ])('%s: its bounds are saved, what is beyond them is refused', async (id, path, good, bad, settings) => {
    const { desk, policy } = await tenant(id.slice(0, 4).toLowerCase());
    for (const [index, value] of good.entries()) {
      expect((await desk.save(policy, settings(value))).status).toBe(200);
      expect(await desk.read(policy)).toMatchObject({ version: index + 1, settings: settings(value) });
    }
    for (const value of bad) {
      const answer = await desk.save(policy, settings(value));
      expect([answer.status, faultsOf(answer)]).toEqual([422, [path]]);
      expect((await desk.read(policy)).version).toBe(2);
    }
  });

  test('OW-4 only integers; all problems come in one answer, and nothing changes', async () => {
    const { desk, policy } = await tenant('ow-4');
    const wrong = { enabled: false, threshold: 2.5, schedule: { ...schedule(1.5, 2.5) } };
    const answer = await desk.save(policy, wrong);
    expect(answer.status).toBe(422);
    expect(faultsOf(answer)).toEqual(['schedule.factor', 'schedule.initialMs', 'threshold']);
    expect(await desk.read(policy)).toMatchObject({
      version: 0,
      source: 'configured',
      settings: { enabled: true },
    });
  });

  test('OW-5 with No nothing is counted or refused; a lock in force refuses again if Yes returns before its end', async () => {
    const { site, desk, policy } = await tenant('ow-5');
    const { clock } = house();
    const locked = await play(site, '0 –, 0 –, 0 –, 0 –, 0: 5');
    expect((await desk.save(policy, { enabled: false })).status).toBe(200);
    clock.advance(minutes(1));
    expect(new Set(await locked.guesses(20))).toEqual(new Set([401]));
    expect((await locked.signIn()).status).toBe(200);
    const other = await house().person(site);
    expect(new Set(await other.guesses(20))).toEqual(new Set([401]));
    expect((await desk.save(policy, { enabled: true })).status).toBe(200);
    clock.advance(minutes(1));
    expect((await locked.signIn()).headers.get('retry-after')).toBe('180');
    // Nothing was counted meanwhile.
    await playOverHttp(house(), other, '0 –, 0 –, 0 –, 0 –, 0: 5', inMinutes);
  });

  test('OW-6 the N-th consecutive failure locks; a success in between starts again at zero', async () => {
    await play(configured({ maximumFailedAttempts: 1 }), '0: 5');
    await play(configured({ maximumFailedAttempts: 3 }), '0 –, 0 –, 0 ok, 0 –, 0 –, 0: 5');
  });

  test('OW-7 at the end of the lockout time the right password signs in', async () => {
    await play(configured({ maximumFailedAttempts: 3 }), '0 –, 0 –, 0: 5, 5-1ms refused 5, 5 ok');
  });

  test('OW-8 after a lock N more failures, not N − 1, lock for time × multiplier, then × its square', async () => {
    const site = configured({ maximumFailedAttempts: 3, multiplier: 3 });
    await play(
      site,
      '0 –, 0 –, 0: 5, 5 –, 5 –, 5: 20, 20 –, 20 –, 20: 65, 65 –, 65 –, 65: 200, 200 –, 200 –, 200: 605',
    );
  });

  test('OW-9 only the chosen methods count; the others stay unlimited, usable while locked, and clear nothing', async () => {
    const site = configured({ methods: ['password', 'otp'] });
    const target = await house().person(site);
    for (let round = 0; round < 40; round += 1) {
      const answers = await Promise.all(Array.from({ length: 25 }, () => target.guess('totp')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    }
    await playOverHttp(
      house(),
      target,
      '0 – (1), 0 #otp – (2), 0 –, 0 –, 0 #passkey ok (4), 0 #otp: 5, 1 #passkey ok, 1 #totp ok, 1 refused 5, 5 – (1)',
      inMinutes,
    );
  });

  test('OW-10 a brand override replaces the global settings; counts and locks are per account', async () => {
    const { site, desk, policy } = await tenant('ow-10');
    const { clock } = house();
    const saved = await desk.save({ ...policy, brand: 'three' }, { threshold: 3, schedule: schedule(20, 2) });
    expect(saved.status).toBe(200);
    clock.advance(1000);
    const person = await house().person(site);
    expect(await person.guesses(3)).toEqual([401, 401, 401]);
    const there = person.at({ brand: 'three' });
    expect(await there.guesses(1)).toEqual([401]);
    for (const visitor of [person, there]) {
      expect((await visitor.signIn()).headers.get('retry-after')).toBe(String(20 * 60));
    }
    // A whole policy: what is saved globally later does not reach the brand.
    expect((await desk.save(policy, { threshold: 8, schedule: schedule(7, 3) })).status).toBe(200);
    clock.advance(1000);
    const customer = (await house().person(site)).at({ brand: 'three' });
    expect(await customer.guesses(4)).toEqual([401, 401, 401, 429]);
  });

  test('OW-11 several brands may have an override; one without uses the global settings', async () => {
    const { site, desk, policy } = await tenant('ow-11');
    await desk.save({ ...policy, brand: 'one' }, { threshold: 1 });
    await desk.save({ ...policy, brand: 'two' }, { threshold: 2 });
    house().clock.advance(1000);
    for (const [brand, threshold] of [
      ['one', 1],
      ['two', 2],
      ['without', 5],
    ] as const) {
      const visitor = (await house().person(site)).at({ brand });
      expect(await visitor.guesses(threshold + 1)).toEqual([...Array(threshold).fill(401), 429]);
    }
  });

  test('OW-12 an override takes effect when it is saved, not before, and on every process', async () => {
    const { site, desk, policy } = await tenant('ow-12');
    const other = await house().process(site);
    const brand = { ...policy, brand: 'blue' };
    const customer = async () => (await house().person(site)).at({ brand: 'blue' }).on(other);
    const refused = await desk.save(brand, { threshold: 11 });
    expect(refused.status).toBe(422);
    house().clock.advance(1000);
    expect(await (await customer()).guesses(4)).toEqual([401, 401, 401, 401]);
    expect((await desk.save(brand, { threshold: 2 })).status).toBe(200);
    house().clock.advance(1000);
    expect(await (await customer()).guesses(3)).toEqual([401, 401, 429]);
  });

  test('OW-13 deleting an override returns the brand to the global settings; the brand stays', async () => {
    const { site, desk, policy } = await tenant('ow-13');
    const brand = { ...policy, brand: 'blue' };
    await desk.save(brand, { threshold: 1 });
    house().clock.advance(1000);
    const before = (await house().person(site)).at({ brand: 'blue' });
    expect(await before.guesses(2)).toEqual([401, 429]);
    expect((await desk.remove(brand)).status).toBe(200);
    house().clock.advance(1000);
    const after = (await house().person(site)).at({ brand: 'blue' });
    expect(await after.guesses(6)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await desk.read(brand)).toMatchObject({ brand: 'blue', settings: { threshold: 5 } });
  });

  test('OW-14 "Maximum idle time", while in use, bounds what may be entered, for brands too, and cannot be written', async () => {
    const maximum = { maximumIdleTimeMs: minutes(30) };
    const active = await tenant('ow-14-active', { maximumLockoutActive: true, ...maximum });
    for (const target of [active.policy, { ...active.policy, brand: 'blue' }]) {
      expect((await active.desk.save(target, { schedule: schedule(30, 2) })).status).toBe(200);
      const answer = await active.desk.save(target, { schedule: schedule(31, 2) });
      expect([answer.status, faultsOf(answer)]).toEqual([422, ['schedule.initialMs']]);
    }
    const shown = (await active.desk.read(active.policy)).limits;
    expect(shown).toMatchObject({ 'schedule.initialMs': { min: minutes(1), max: minutes(30) } });
    const written = await active.desk.save(active.policy, {
      limits: { ...shown, 'schedule.initialMs': { min: minutes(1), max: minutes(60) } },
    });
    expect(written.status).toBe(422);
    expect((await active.desk.read(active.policy)).limits).toEqual(shown);

    const inactive = await tenant('ow-14-inactive', maximum);
    expect((await inactive.desk.save(inactive.policy, { schedule: schedule(60, 2) })).status).toBe(200);
    expect((await inactive.desk.save(inactive.policy, { schedule: schedule(61, 2) })).status).toBe(422);
  });

  test('OW-15 all of it by API, with the validation of the configuration', async () => {
    const { site, desk, policy } = await tenant('ow-15');
    const settings = { enabled: true, counts: ['password', 'otp'], threshold: 2, schedule: schedule(7, 4) };
    expect((await desk.save(policy, settings)).status).toBe(200);
    expect((await desk.save({ ...policy, brand: 'blue' }, { threshold: 9 })).status).toBe(200);
    const administrator = await house().administrator(site);
    const { body } = await administrator.get('/lockout/policies');
    expect(body['items']).toMatchObject([
      { name: 'ow-15', source: 'saved', settings, brands: [{ brand: 'blue', settings: { threshold: 9 } }] },
    ]);
    house().clock.advance(1000);
    await play(site, '0 #otp –, 0: 7, 7 –, 7: 35');
    const outsider = await (await house().person(site)).session();
    const denied = await outsider.send(
      'PUT',
      '/lockout/policies/ow-15',
      { settings: { threshold: 10 }, reason: 'mine' },
      { 'if-match': '"1"' },
    );
    expect(denied.status).toBe(403);
    expect((await desk.read(policy)).settings).toMatchObject({ threshold: 2 });
  });

  test('OW-16 the multiplied time is not capped unless asked, is warned of, and saturates', async () => {
    const steep = { maximumFailedAttempts: 1, lockoutTimeMs: minutes(60), multiplier: 10 };
    const { site, desk, policy } = await tenant('ow-16', steep);
    const ids = async () => (await desk.read(policy)).warnings.map(({ id }) => id);
    await play(site, '0: 60, 60: 660, 660: 6660');
    expect(await ids()).toContain('LCK103');
    const capped = { ...schedule(60, 10), maximumMs: minutes(90) };
    expect((await desk.save(policy, { schedule: capped })).status).toBe(200);
    expect(await ids()).not.toContain('LCK103');
    house().clock.advance(1000);
    await play(site, '0: 60, 60: 150, 150: 240');
    const century = days(36_500) / minutes(1);
    const sixth = 6_666_660;
    await play(
      configured(steep),
      `0: 60, 60: 660, 660: 6660, 6660: 66660, 66660: 666660, 666660: ${sixth}, ${sixth}: ${sixth + century}`,
    );
  });

  test('OW-17 count and escalation go by success, unlock and password reset, and do not fade', async () => {
    const site = configured({ maximumFailedAttempts: 2 });
    const year = 525_600;
    await play(site, `0 –, ${year}: ${year + 5}, ${2 * year} –, ${2 * year}: ${2 * year + 10}`);
    for (const act of ['ok', 'unlock', 'reset']) {
      const at = act === 'ok' ? 5 : 4;
      await play(site, `0 –, 0: 5, ${at} ${act}, 5 –, 5: 10`);
      if (act !== 'unlock') await play(site, `0 –, ${at} ${act}, 5 –, 5: 10`);
    }
  });

  test('OW-18 by default active: 5 failures, 5 minutes, × 2, password', async () => {
    const site: SiteOptions = { policies: oneWelcome() };
    await play(site, '0 –, 0 –, 0 –, 0 –, 0: 5, 5 –, 5 –, 5 –, 5 –, 5: 15, 6 #otp ok');
  });
});
