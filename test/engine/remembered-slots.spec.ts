import { describe, expect, it } from '@jest/globals';
import { type AttemptRequest, InvalidSubjectError, type LockoutEngine } from 'nestjs-lockout';
import { alice, engineOf, failTimes, isLocked, policy } from './bench.js';

/** How many keys are hashed meanwhile. */
async function hashesOf(engine: LockoutEngine, work: () => Promise<unknown>): Promise<number> {
  const key = engine.keys.key.bind(engine.keys);
  let hashes = 0;
  Reflect.set(engine.keys, 'key', (name: Parameters<typeof key>[0]) => {
    hashes += 1;
    return key(name);
  });
  await work();
  Reflect.deleteProperty(engine.keys, 'key');
  return hashes;
}

const parts = { account: 'alice', method: 'password' } as const;
const byDevice = policy({ scope: ['account', 'device'] });
const byTenant = policy({ scope: ['account', { custom: 'tenant' }] });

/** Each time two attempts that have a budget each, whatever a process remembers of the first. */
const APART: readonly [string, AttemptRequest, AttemptRequest, ReturnType<typeof policy>][] = [
  ['the device', { ...parts, device: 'phone' }, { ...parts, device: 'laptop' }, byDevice],
  ['the realm', { ...parts, realm: 'staff' }, { ...parts, realm: 'shop' }, policy()],
  [
    'the address',
    { ...parts, address: '192.0.2.1' },
    { ...parts, address: '192.0.2.2' },
    policy({ scope: ['address'] }),
  ],
  [
    'a part of the application’s own',
    { ...parts, custom: { tenant: 'a' } },
    { ...parts, custom: { tenant: 'b' } },
    byTenant,
  ],
  ['whether anybody has the name', parts, { ...parts, account: { unknown: 'alice' } }, policy()],
  // Written one after the other without their lengths, both would read the same.
  [
    'where one text ends and the next begins',
    { ...parts, device: 'a b' },
    { account: 'alice password', method: '-', address: 'a', device: 'b' },
    policy(),
  ],
];

describe('what is remembered of an attempt’s keys', () => {
  it.each(APART)('belongs to no attempt that differs in %s', async (_, one, other, governing) => {
    const engine = engineOf({ policies: [governing] });
    await failTimes(engine, 5, one);
    expect(await isLocked(engine, one)).toBe(true);
    expect(await isLocked(engine, other)).toBe(false);
    await failTimes(engine, 5, other);
    expect(await isLocked(engine, other)).toBe(true);
  });

  it('spares the hashes of who comes again', async () => {
    const engine = engineOf();
    expect(await hashesOf(engine, () => engine.judge(alice))).toBeGreaterThan(0);
    expect(await hashesOf(engine, () => engine.judge(alice))).toBe(0);
  });

  it.each<[string, Partial<AttemptRequest>]>([
    ['a name that nobody has', { account: { unknown: 'nobody' } }],
    ['a text longer than names are', { address: 'x'.repeat(321) }],
  ])('P12 is nothing where anybody may send it: %s', async (_, made) => {
    const engine = engineOf();
    const request = { ...alice, ...made };
    const first = await hashesOf(engine, () => engine.judge(request));
    expect(first).toBeGreaterThan(0);
    expect(await hashesOf(engine, () => engine.judge(request))).toBe(first);
  });

  it('a request that cannot be one is refused although the same without its mistake is remembered', async () => {
    const engine = engineOf();
    await engine.judge(alice);
    const wrong = { ...alice, realm: null } as unknown as AttemptRequest;
    await expect(engine.judge(wrong)).rejects.toThrow(InvalidSubjectError);
  });

  it('P12 is no more than cacheSize allows', async () => {
    const engine = engineOf({ cacheSize: 10 });
    await engine.judge(alice);
    for (let n = 0; n < 10; n += 1) await engine.judge({ ...alice, account: `somebody-${n}` });
    expect(await hashesOf(engine, () => engine.judge(alice))).toBeGreaterThan(0);
  });
});
