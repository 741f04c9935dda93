import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hours } from 'nestjs-lockout/policy';
import { type House, openHouse, type Premises, premises } from './house.js';
import { answered, run } from './program.js';

const [sqlite] = premises as readonly [Premises, ...Premises[]];

describe('the terminal at a store, without the policies in code', () => {
  let house: House;
  const database = () => [...house.store.args.slice(0, 2)];

  beforeAll(async () => {
    house = await openHouse(sqlite);
    const change = { expected: 0, actor: { by: 'admin', reason: 'stricter' } };
    const settings = {
      threshold: 2,
      unlockKeepsEscalation: true,
      escalationWindow: { durationMs: hours(24) },
    };
    await house.engine.policies.save({ policy: 'login', brand: null }, settings, change);
    await house.engine.policies.save({ policy: 'address', brand: 'acme' }, { threshold: 3 }, change);
    await house.fail('alice', 2);
  });
  afterAll(() => house.close());

  it('knows what administrators saved, and nothing of what code says', async () => {
    const { code, answer } = await answered(['policies', ...database()], house.store.env);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      items: [
        {
          name: 'login',
          source: 'saved',
          version: 1,
          configured: null,
          settings: { threshold: 2 },
          brands: [],
        },
      ],
    });
    const { err } = await run(['policies', ...database()], house.store.env);
    expect(err).toMatch(
      /^Note: Only policies that were saved are known here\..*\nNote: What was saved of address \(acme\)/,
    );
    expect((await run(['policies', 'address', ...database()], house.store.env)).code).toBe(1);
    expect((await run(['policies', 'none', ...database()], house.store.env)).code).toBe(1);
  });

  it('unlocks by them: what a saved policy keeps is kept', async () => {
    const status = await run(['status', 'alice', ...database()], house.store.env);
    expect(status.code).toBe(0);
    expect(status.out).toMatch(/^alice is locked\.\nThe account is locked/);
    const unlock = ['unlock', 'alice', '--yes', '--by', 'ada', '--reason', 'r', ...database()];
    expect((await run(unlock, house.store.env)).code).toBe(0);
    const { counters } = await house.engine.status({ account: 'alice' });
    expect(counters).toMatchObject([{ lock: null, failures: 0, escalation: 1 }]);
  });
});
