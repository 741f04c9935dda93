import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeEach } from '../../support/databases.js';
import { type House, openHouse, premises } from './house.js';
import { answered, run, runProcess } from './program.js';

/** Everything but the moment at which it was asked. */
const timeless = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (key, value: unknown) => (key === 'now' ? 'now' : value));

interface Case {
  readonly args: readonly string[];
  /** How it exits. */
  readonly code: number;
  /** At the store it needs a name. */
  readonly change?: boolean;
}

/** Of every kind of answer one, by a process of its own. What the stores answer is compared by their contract; here it is what comes of it. */
const EVERYWHERE: readonly Case[] = [
  { args: ['status', 'alice'], code: 0 },
  { args: ['list', '--any', '--all', '--limit', '2'], code: 0 },
  { args: ['events', '--all', '--limit', '1'], code: 0 },
  { args: ['unlock', 'alice', 'bob', '--yes', '--reason', 'r'], code: 3, change: true },
  { args: ['deliveries', '--dead'], code: 0 },
];

/** What is left to be tried once. */
const ON_ONE: readonly Case[] = [
  { args: ['status', 'never-heard-of'], code: 1 },
  { args: ['status', '--address', '198.51.100.9'], code: 0 },
  { args: ['status', 'bob', '--address', '198.51.100.9'], code: 0 },
  { args: ['list', 'addresses'], code: 0 },
  { args: ['policies'], code: 0 },
  { args: ['policies', 'login', '--history'], code: 0 },
  { args: ['status', 'bob'], code: 1 },
  { args: ['status', 'dave'], code: 0 },
  { args: ['status', 'carol', '--realm', 'shop'], code: 0 },
  { args: ['status', 'nobody@example.com', '--unknown'], code: 0 },
  { args: ['status', '0'.repeat(64), '--id'], code: 1 },
  { args: ['status', '--address', '203.0.113.1'], code: 1 },
  { args: ['status', 'alice', '--address', '203.0.113.1'], code: 0 },
  { args: ['status', 'bob', '--address', '203.0.113.1'], code: 1 },
  { args: ['list'], code: 0 },
  { args: ['list', 'accounts', '--realm', 'shop'], code: 0 },
  { args: ['list', '--sort', 'since', '--limit', '1'], code: 0 },
  { args: ['list', '--search', 'al'], code: 0 },
  { args: ['list', '--limit', '1000'], code: 2 },
  { args: ['list', '--cursor', 'made-up'], code: 2 },
  { args: ['events'], code: 0 },
  { args: ['events', 'erin'], code: 0 },
  { args: ['events', '--realm', 'shop'], code: 0 },
  { args: ['events', '--address', '198.51.100.9'], code: 0 },
  { args: ['events', '--type', 'unlocked'], code: 0 },
  { args: ['events', '--type', 'policy-changed'], code: 0 },
  { args: ['deliveries', '--retry', 'unheard-of', '--yes', '--reason', 'r'], code: 1, change: true },
  { args: ['deliveries', '--drop', 'two\nlines', '--yes', '--reason', 'r'], code: 2, change: true },
  { args: ['erase', '0'.repeat(64), '--id', '--yes', '--reason', 'r'], code: 1, change: true },
  { args: ['policies', 'login'], code: 0 },
  { args: ['policies', 'login', '--brand', 'acme'], code: 0 },
  { args: ['policies', 'no-such'], code: 1 },
  { args: ['unlock', 'bob', '--yes', '--reason', 'r'], code: 1, change: true },
  { args: ['unlock', 'never-heard-of', '--yes', '--reason', 'r'], code: 1, change: true },
  { args: ['unlock', 'bob', 'never-heard-of', '--yes', '--reason', 'r'], code: 1, change: true },
  { args: ['unlock', '--address', '203.0.113.1', '--yes', '--reason', 'r'], code: 1, change: true },
  {
    args: ['lock', 'bob', '--until', '2001-01-01T00:00:00Z', '--yes', '--reason', 'r'],
    code: 3,
    change: true,
  },
];

const [sqlite] = premises;

describeEach(premises, 'the terminal on $name', (kind) => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse(kind);
    const { engine } = house;
    await house.fail('alice', 3, { address: '192.0.2.7' });
    await house.fail('bob', 1, { address: '192.0.2.7' });
    await house.fail({ unknown: 'nobody@example.com' }, 3);
    await house.fail('carol', 3, { realm: 'shop' });
    for (const name of ['d', 'e', 'f', 'g']) await house.fail(name, 2, { address: '198.51.100.9' });
    await engine.lock({ account: 'dave' }, null, { by: 'admin', reason: 'has left' });
    await engine.lock({ account: 'erin' }, null, { by: 'admin', reason: 'on leave' });
    await engine.unlock({ account: 'erin' }, { by: 'admin', reason: 'is back' });
    const change = { expected: 0, actor: { by: 'admin', reason: 'stricter' } };
    await engine.policies.save({ policy: 'login', brand: null }, { threshold: 4 }, change);
    await engine.policies.save({ policy: 'login', brand: 'acme' }, { threshold: 2 }, change);
  });
  afterAll(() => house.close());

  it.each([
    ...EVERYWHERE.map((one) => ({ ...one, runner: runProcess })),
    ...(kind === sqlite ? ON_ONE.map((one) => ({ ...one, runner: run })) : []),
  ])(
    'nestjs-lockout $args answers the same over the API and at the store',
    async ({ args, code, change, runner }) => {
      const { api, store } = house;
      const by = change ? ['--by', 'ada'] : [];
      const [overApi, atStore] = await Promise.all([
        answered([...args, ...api.args], api.env, runner),
        answered([...args, ...store.args, ...by], store.env, runner),
      ]);
      expect(timeless(overApi)).toEqual(timeless(atStore));
      expect(atStore.code).toBe(code);
    },
  );

  it('changes the same, either way', async () => {
    const { api, store } = house;
    const ways = [
      { ...api, who: [], by: 'admin' },
      { ...store, who: ['--by', 'ada'], by: 'ada' },
    ];
    for (const { args, env, who, by } of ways) {
      const change = [...args, ...who, '--yes', '--reason', 'as asked'];
      expect(await answered(['lock', 'frank', '--until', 'indefinite', ...change], env)).toEqual({
        code: 0,
        answer: { changed: true, until: null },
      });
      expect(await house.isRefused('frank')).toBe(true);
      await house.fail('grace', 4);
      expect(await answered(['unlock', 'frank', 'grace', ...change], env)).toEqual({
        code: 0,
        answer: { changed: true },
      });
      expect([await house.isRefused('frank'), await house.isRefused('grace')]).toEqual([false, false]);
      const { answer } = await answered(
        ['events', 'grace', '--type', 'unlocked', '--limit', '1', ...args],
        env,
      );
      expect(answer).toMatchObject({ items: [{ type: 'unlocked', via: 'admin', by, reason: 'as asked' }] });
    }
  });
});
