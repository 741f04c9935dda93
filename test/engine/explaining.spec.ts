import { describe, expect, it } from '@jest/globals';
import { StoreError } from 'nestjs-lockout';
import { minutes } from 'nestjs-lockout/policy';
import { alice, engineOf, failTimes, policy, SECRET, stores, time } from './bench.js';

const NEXT_SECRET = 'the secret that takes its place, long enough';

describe('explaining an attempt', () => {
  it('looks at every counter, charges nothing and writes nothing', async () => {
    const byAddress = policy({ name: 'address', scope: ['address'], threshold: 20 });
    const engine = engineOf({ policies: [policy(), byAddress] });
    const told = await engine.accounts.explain(alice);
    expect(told).toMatchObject({ now: time.now, allowed: true, refusal: null, unseen: [], crowded: false });
    expect(told.counters.map(({ policy: name, recorded }) => [name, recorded])).toEqual([
      ...[
        ['account', false],
        ['address', false],
        ['manual', false],
      ],
    ]);
    expect(engine.totals).toMatchObject({ swaps: 0, held: 0 });
    expect((await engine.status(alice)).counters).toEqual([]);
  });

  it('past its own memory: what another process did a moment ago is seen', async () => {
    const engine = engineOf();
    await failTimes(engine, 1);
    await failTimes(engineOf(), 4);
    expect(await engine.accounts.explain(alice)).toMatchObject({
      allowed: false,
      refusal: { policy: 'account', reason: 'locked', retryAt: time.now + minutes(5) },
    });
  });

  it('R21 while secrets rotate, by the record that governs, under whichever secret it is', async () => {
    const before = engineOf();
    await failTimes(before, 5);
    const [stored] = (await before.status(alice)).counters;
    const engine = engineOf({ secrets: [NEXT_SECRET, SECRET] });
    const told = await engine.accounts.explain(alice);
    expect(told).toMatchObject({ allowed: false, counters: [{ id: stored?.id, failures: 5 }, {}] });
    expect(await engine.accounts.unlockRecord(stored?.id ?? '', { by: 'a', reason: 'b' })).toMatchObject({
      changed: true,
    });
    expect((await engine.accounts.explain(alice)).allowed).toBe(true);
  });

  it('names the policies that it could not look at, and why', async () => {
    const tenants = policy({ name: 'tenants', scope: ['account', { custom: 'tenant' }] });
    const devices = policy({ name: 'devices', scope: ['device', 'address'] });
    const engine = engineOf({ policies: [policy(), tenants, devices] });
    expect((await engine.accounts.explain({ account: 'alice' })).unseen).toEqual([
      { policy: 'tenants', parts: ['custom:tenant'] },
      { policy: 'devices', parts: ['address', 'device'] },
    ]);
    expect((await engine.accounts.explain({ address: '192.0.2.1' })).unseen).toEqual([
      { policy: 'account', parts: ['account'] },
      { policy: 'tenants', parts: ['account', 'custom:tenant'] },
      { policy: 'devices', parts: ['device'] },
    ]);
  });

  it('leaves out what does not watch it: exempt, switched off, of another method or brand', async () => {
    const exempt = policy({ name: 'exempt', exempt: { accounts: [], addresses: ['192.0.2.0/24'] } });
    const off = policy({ name: 'off', enabled: false });
    const codes = policy({ name: 'codes', counts: ['otp'] });
    const strict = { ...policy({ name: 'codes', counter: 'codes', threshold: 1 }), counts: ['otp'] };
    const engine = engineOf({ policies: [exempt, off, codes], brands: { strict: [strict] } });
    const namesOf = async (request: Parameters<typeof engine.accounts.explain>[0]) =>
      (await engine.accounts.explain(request)).counters.map(({ policy: name }) => name);
    expect(await namesOf(alice)).toEqual(['manual']);
    expect(await namesOf({ ...alice, address: '198.51.100.1' })).toEqual(['exempt', 'manual']);
    expect(await namesOf({ ...alice, method: null })).toEqual(['codes', 'manual']);
    const byBrand = await engine.accounts.explain({ account: 'alice', method: 'otp', brand: 'strict' });
    expect(byBrand.counters.find(({ policy: name }) => name === 'codes')?.nextFailure).toMatchObject({
      locks: true,
    });
  });

  it('R20, P9 throws for names that cannot be a key, and rejects without the store', async () => {
    const engine = engineOf();
    for (const account of ['', 'a\u0000b', { unknown: ' ' }]) {
      await expect(engine.accounts.explain({ account })).rejects.toMatchObject({ code: 'LOCKOUT_BAD_INPUT' });
    }
    stores.unreliable.error = () => new StoreError('unreachable', 'Connection lost.');
    stores.unreliable.fault = () => 'before';
    await expect(engine.accounts.explain(alice)).rejects.toMatchObject({ code: 'LOCKOUT_UNAVAILABLE' });
  });
});
