import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountRef } from 'nestjs-lockout';
import type { CounterView, Explanation } from 'nestjs-lockout/admin';
import { definePolicy, minutes } from 'nestjs-lockout/policy';
import { type AdminApp, type AdminAppOptions, HOUSES, startAdminApp } from './admin-app.js';
import { anyPolicies } from './any-policies.js';
import { queryOf, viewed } from './viewed.js';

const HOME = '192.0.2.1';
const AWAY = '2001:db8::7';

interface Attempted {
  readonly account: AccountRef;
  readonly address: string;
  readonly device: string;
  readonly method: string;
}

type Happening =
  | { readonly does: 'fail' | 'succeed' | 'leave' | 'abandon' | 'explain'; readonly attempt: Attempted }
  | { readonly does: 'wait'; readonly seconds: number }
  | { readonly does: 'unlock' | 'reset' | 'lock'; readonly attempt: Attempted };

const attempted = fc.record({
  account: fc.constantFrom<AccountRef[]>('alice', 'alice', 'bob', { unknown: 'ghost' }, { unknown: 'ghoul' }),
  address: fc.constantFrom(HOME, HOME, AWAY),
  device: fc.constantFrom('laptop', 'phone'),
  method: fc.constantFrom('password', 'password', 'otp', 'passkey'),
});

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('fail' as const), attempt: attempted }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('succeed' as const), attempt: attempted }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constantFrom(...(['leave', 'abandon', 'unlock', 'reset', 'lock'] as const)),
      attempt: attempted,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
  },
) as fc.Arbitrary<Happening>;

const unknownOf = (account: AccountRef) =>
  typeof account === 'string' ? { account, unknown: 'false' } : { account: account.unknown, unknown: 'true' };

const explained = async (admin: AdminApp, { account, ...rest }: Attempted): Promise<Explanation> =>
  viewed(await admin.get(`/lockout/explain?${queryOf({ ...unknownOf(account), ...rest })}`));

/** A history that has everything in it, so that what is counted below never hangs on chance. */
const sure = definePolicy({
  name: 'sure',
  threshold: 2,
  schedule: { kind: 'fixed', durationMs: minutes(1) },
});
const from = { address: HOME, device: 'laptop', method: 'password' };
const surely: Happening[] = [
  ...['fail', 'succeed', 'fail', 'fail', 'fail'].map((does) => ({
    does,
    attempt: { account: 'alice', ...from },
  })),
  ...['ghost', 'ghoul'].map((unknown) => ({ does: 'fail', attempt: { account: { unknown }, ...from } })),
] as Happening[];

const lockMsOf = ({ lock }: CounterView): number | null =>
  lock === null || lock.until === null ? null : Date.parse(lock.until) - Date.parse(lock.since);

describe.each(HOUSES)('explaining on $platform with the $store store', (house) => {
  it('foretells what the engine then does, for random policies and histories', async () => {
    const seen = { refused: 0, admitted: 0, locks: 0, cleared: 0, crowded: 0 };

    /** Makes the attempt, and holds everything that follows against what was told before. */
    const hold = async (admin: AdminApp, attempt: Attempted, does: 'fail' | 'succeed'): Promise<void> => {
      const told = await explained(admin, attempt);
      if (told.summary.some(({ id }) => id === 'summary.crowded')) seen.crowded += 1;
      else {
        const refusal = await admin.engine.judge(attempt);
        expect([told.allowed, told.refusal?.policy ?? null]).toEqual([
          refusal === null,
          refusal?.policy ?? null,
        ]);
      }
      const begun = await admin.engine.begin(attempt);
      expect(told.allowed).toBe(begun.allowed);
      if (!begun.allowed) {
        const { policy, reason, retryAt } = begun.refusal;
        expect(told.refusal).toEqual({
          ...{ policy, reason },
          retryAt: retryAt === null ? null : new Date(retryAt).toISOString(),
        });
        seen.refused += 1;
        return;
      }
      seen.admitted += 1;
      await (does === 'fail' ? begun.attempt.fail() : begun.attempt.succeed());
      // A name that was new is none now: what it was counted at is found by the keys that were told.
      const after = new Map<string, CounterView>();
      for (const one of (await explained(admin, attempt)).counters) after.set(`${one.policy} ${one.id}`, one);
      for (const before of told.counters) {
        const now = after.get(`${before.policy} ${before.id}`);
        if (!now) continue;
        if (does === 'fail') {
          const isNew = JSON.stringify(now.lock) !== JSON.stringify(before.lock) && now.lock !== null;
          expect([before.policy, isNew]).toEqual([before.policy, before.nextFailure?.locks ?? false]);
          if (isNew) {
            expect(lockMsOf(now)).toBe(before.nextFailure?.lockMs);
            seen.locks += 1;
          }
        } else if (before.successLeaves) {
          const { failures, escalation } = now;
          expect({ failures, escalation }).toEqual(before.successLeaves);
          if (failures < before.failures) seen.cleared += 1;
        }
      }
    };

    const play = async (admin: AdminApp, history: readonly Happening[]): Promise<void> => {
      const actor = { by: 'admin', reason: 'asked to' };
      for (const step of history) {
        switch (step.does) {
          case 'wait':
            await admin.clock.advance(step.seconds * 1000);
            break;
          case 'unlock':
            await admin.engine.unlock(step.attempt, actor);
            break;
          case 'reset':
            await admin.engine.passwordReset(step.attempt);
            break;
          case 'lock':
            await admin.engine.lock(step.attempt, admin.clock.now() + 5000, actor);
            break;
          case 'leave':
            await admin.engine.begin(step.attempt);
            break;
          case 'abandon': {
            const begun = await admin.engine.begin(step.attempt);
            if (begun.allowed) await begun.attempt.abandon();
            break;
          }
          case 'fail':
          case 'succeed':
            await hold(admin, step.attempt, step.does);
            break;
          default:
            throw new Error(`What is ${step.does}?`);
        }
      }
    };

    const histories = fc.array(happening, { minLength: 10, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(anyPolicies, histories, async (policies, history) => {
        const admin = await startAdminApp({
          ...house,
          lockout: { policies, waitMs: 0, newcomersPerAddress: 1 },
        });
        try {
          await play(admin, history);
        } finally {
          await admin.close();
        }
      }),
      { numRuns: 12, examples: [[[sure], surely]] },
    );
    expect(Object.entries(seen).filter(([, times]) => times === 0)).toEqual([]);
  });

  describe('an attempt', () => {
    let admin: AdminApp;

    const login = definePolicy({
      name: 'login',
      threshold: 3,
      window: { kind: 'idle', durationMs: minutes(60) },
      schedule: { kind: 'fixed', durationMs: minutes(5) },
    });
    const spray = definePolicy({
      name: 'spray',
      threshold: 4,
      scope: ['address'],
      schedule: { kind: 'fixed', durationMs: minutes(30) },
    });
    const start = async (options: Partial<AdminAppOptions> = {}) => {
      admin = await startAdminApp({ ...house, lockout: { policies: [login, spray] }, ...options });
    };
    beforeEach(() => start());
    afterEach(() => admin.close());

    const ask = async (query: Readonly<Record<string, string>>): Promise<Explanation> =>
      viewed(await admin.get(`/lockout/explain?${queryOf(query)}`));

    it('shows every counter it would look at, also where nobody failed, and writes nothing', async () => {
      const told = await ask({ account: 'alice', address: HOME, method: 'password' });
      expect(told).toMatchObject({
        ...{ realm: 'default', account: 'alice', known: true, address: HOME, device: null },
        ...{ method: 'password', allowed: true, refusal: null, events: [] },
      });
      expect(told.counters).toMatchObject([
        {
          ...{ policy: 'login', scope: 'account', recorded: false, failures: 0, lock: null, refusal: null },
          nextFailure: { locks: false, lockMs: null, failuresToLock: 3 },
        },
        {
          ...{ policy: 'spray', scope: 'address', recorded: false },
          nextFailure: { locks: false, failuresToLock: 4 },
        },
      ]);
      const { items } = (await admin.get('/lockout/accounts?state=any')).body;
      expect(items).toEqual([]);
    });

    it('is told apart: the account is locked, or the address is', async () => {
      for (const account of ['a', 'b', 'c', 'd']) await admin.fail(account, 1, { address: HOME });
      const blocked = await ask({ account: 'alice', address: HOME });
      expect(blocked).toMatchObject({
        allowed: false,
        refusal: { policy: 'spray', reason: 'locked', retryAt: '2026-01-01T00:30:00.000Z' },
      });
      expect(blocked.events).toMatchObject([{ type: 'locked', policy: 'spray' }]);
      expect((await ask({ account: 'alice', address: AWAY })).allowed).toBe(true);
      expect((await ask({ address: HOME })).allowed).toBe(false);

      await admin.fail('alice', 3, { address: AWAY });
      const everywhere = await ask({ account: 'alice', address: '198.51.100.9' });
      expect(everywhere.refusal).toMatchObject({ policy: 'login', retryAt: '2026-01-01T00:05:00.000Z' });
      expect(everywhere.counters.map(({ policy, refusal }) => [policy, refusal?.reason])).toEqual([
        ['login', 'locked'],
        ['spray', undefined],
      ]);
      expect(everywhere.counters[0]?.afterEnd).toEqual({
        locks: true,
        lockMs: minutes(5),
        failuresToLock: 1,
      });
    });

    it('without an account leaves out what counts by one, and says so', async () => {
      const told = await ask({ address: HOME });
      expect(told.counters.map(({ policy }) => policy)).toEqual(['spray']);
      expect(told.summary.map(({ text }) => text)).toEqual([
        'An attempt would be verified.',
        'Not looked at, for want of the account: login.',
      ]);
    });

    it('shows the lock that an administrator set, with who and why', async () => {
      await admin.post('/lockout/accounts/default/alice/lock', { until: null, reason: 'reported stolen' });
      const told = await ask({ account: 'alice', address: HOME });
      expect(told).toMatchObject({ allowed: false, refusal: { policy: 'manual', retryAt: null } });
      expect(told.summary.map(({ text }) => text)).toContain('admin gave the reason: reported stolen');
      expect((await ask({ account: 'bob' })).counters.map(({ policy }) => policy)).not.toContain('manual');
    });

    it('takes a name that nobody has for what it is', async () => {
      await admin.fail({ unknown: 'ghost' }, 3);
      expect(await ask({ account: 'ghost' })).toMatchObject({ known: false, allowed: false });
      expect(await ask({ account: 'ghost', unknown: 'false' })).toMatchObject({ known: true, allowed: true });
      expect(await ask({ account: 'GHOST', unknown: 'true' })).toMatchObject({
        known: false,
        allowed: false,
      });
    });

    it('reads an address as it is counted: IPv6 by its network', async () => {
      for (const account of ['a', 'b', 'c', 'd']) await admin.fail(account, 1, { address: AWAY });
      expect(await ask({ account: 'alice', address: '2001:db8::ffff' })).toMatchObject({
        allowed: false,
        address: '2001:db8::/64',
      });
    });

    it('refuses a query it cannot read, every problem at once', async () => {
      const wrong = await admin.get('/lockout/explain?realm=%20&address=nowhere&method=&account=%00');
      expect(wrong.status).toBe(400);
      expect(wrong.body.errors.map(({ path }) => path).sort()).toEqual([
        ...['account', 'address', 'method', 'realm'],
      ]);
      const nobody = await admin.get('/lockout/explain?method=password');
      expect([nobody.status, nobody.body.errors]).toEqual([
        400,
        [{ path: '', message: 'needs an account, an address or a device' }],
      ]);
      expect((await admin.get(`/lockout/explain?device=${'x'.repeat(257)}`)).status).toBe(400);
      expect((await admin.get('/lockout/explain?account=a&account=b')).status).toBe(400);
    });
  });

  it('is for whoever may view the realm', async () => {
    const admin = await startAdminApp({ ...house, admin: { can: (_, realm) => realm === 'staff' } });
    try {
      const status = async (query: string) => (await admin.get(`/lockout/explain?${query}`)).status;
      expect(await status('account=alice')).toBe(403);
      expect(await status('account=alice&realm=staff')).toBe(200);
    } finally {
      await admin.close();
    }
  });
});
