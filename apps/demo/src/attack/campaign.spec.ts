import { describe, expect, test } from '@jest/globals';
import { SEED_PASSWORD, SEEDS } from '../users/seeds.js';
import { campaign, type SignInAttempt } from './campaign.js';

const all = (): readonly SignInAttempt[] => campaign().flatMap(({ attempts }) => attempts);

describe('what the attack plays', () => {
  test('comes from networks for documentation, which are nobody’s', () => {
    const nobodys = /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$|^2001:db8:/;
    expect(all().filter(({ address }) => !nobodys.test(address))).toEqual([]);
  });

  test('locks no administrator out of the console', () => {
    const administrators = SEEDS.filter(({ role }) => role !== 'member');
    const aimed = all().filter(({ realm, username }) =>
      administrators.some((one) => one.realm === realm && one.username === username),
    );
    expect([administrators.length, aimed]).toEqual([3, []]);
  });

  test('has people who get in, in both realms, and names that nobody has', () => {
    const right = all().filter(({ password }) => password === SEED_PASSWORD);
    expect(new Set(right.map(({ realm }) => realm))).toEqual(new Set(['default', 'it']));
    const known = (one: SignInAttempt): boolean =>
      SEEDS.some(({ realm, username }) => realm === one.realm && username === one.username);
    expect(right.every(known)).toBe(true);
    expect(
      new Set(
        all()
          .filter((one) => !known(one))
          .map(({ username }) => username),
      ).size,
    ).toBeGreaterThan(50);
  });

  test('is the same each time', () => {
    expect(campaign()).toEqual(campaign());
  });
});
