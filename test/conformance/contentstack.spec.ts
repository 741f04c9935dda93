import { expect, test } from '@jest/globals';
import { contentstack, days, minutes } from 'nestjs-lockout/policy';
import { onBothDatabases } from './app/house.js';
import type { NewPerson, People, Person, Role } from './app/people.js';
import type { Console, SiteOptions } from './app/site.js';
import type { Answer, Visitor } from './app/visitor.js';
import { playOverHttp } from './http-timeline.js';

/** What somebody is, by organisation. */
type Roles = Readonly<Record<string, Role>>;

const SUPPORT = 'support@contentstack.com';
/** Accounts of people in several organisations: no organisation's own. */
const SEVERAL = 'several';

const isManager = ({ organisations }: Person, realm: string): boolean =>
  realm === SEVERAL
    ? Array.from(organisations.values()).some((role) => role !== 'member')
    : ['admin', 'owner'].includes(organisations.get(realm) ?? '');

/** Administration > Users: a realm is an organisation. */
const consoles = (people: People): readonly Console[] => [
  {
    path: 'administration',
    can: (_action, realm, { person }) => isManager(person, realm),
    canUnlock: ({ account }) => {
      const person = people.get(account ?? '');
      if (!person) return { unlockable: false, reason: 'unknown' };
      if (person.organisations.size > 1) return { unlockable: false, reason: 'several-organisations' };
      return Array.from(person.organisations.values()).includes('owner')
        ? { unlockable: false, reason: 'owner' }
        : { unlockable: true };
    },
    support: () => SUPPORT,
  },
];

const standard: SiteOptions = { policies: contentstack(), consoles };
const kept: SiteOptions = { policies: contentstack({ name: 'kept', retentionMs: days(30) }) };
const anyReset: SiteOptions = { policies: contentstack({ name: 'any-reset', onPasswordReset: 'unlock' }) };

const inMinutes = { unitMs: minutes(1) };
const four = '0 –, 0 –, 0 –, 0 –';
const bestPace = `${four}, 0: 5, 5: 15, 15: 30, 30: 50, 50: 75, 75: ∞`;

onBothDatabases('Contentstack', (house) => {
  const play = async (written: string, site = standard): Promise<Visitor> =>
    playOverHttp(house(), await house().person(site), written, inMinutes);
  const somebody = (role: Roles, facts: Partial<NewPerson> = {}) =>
    house().person(standard, {
      realm: Object.keys(role).length > 1 ? SEVERAL : (Object.keys(role)[0] ?? 'default'),
      organisations: role,
      ...facts,
    });
  /** A member of the organisation, locked. */
  const locked = async (organisation = 'acme'): Promise<Visitor> => {
    const member = await somebody({ [organisation]: 'member' });
    await member.guesses(5);
    return member;
  };
  const manager = async (role: Roles = { acme: 'admin' }): Promise<Visitor> =>
    (await somebody(role)).session();
  const path = ({ account, credentials }: Visitor) =>
    `/administration/accounts/${credentials.realm}/${account}`;
  const unlock = (by: Visitor, who: Visitor): Promise<Answer> =>
    by.post(`${path(who)}/unlock`, { reason: 'asked' });
  const unlockAll = (by: Visitor, who: readonly Visitor[]): Promise<Answer> =>
    by.post('/administration/accounts/unlock', {
      accounts: who.map(({ account, credentials }) => ({ realm: credentials.realm, account })),
      reason: 'asked',
    });
  const refusedReasons = ({ body }: Answer): unknown =>
    (body['errors'] as readonly { readonly reason: string }[]).map(({ reason }) => reason);
  const isLocked = async (visitor: Visitor): Promise<boolean> => (await visitor.signIn()).status === 429;

  test('CS-1 failures 1 to 4 do not lock', async () => {
    await play(four);
    await play(`${four}, 0 ok`);
  });

  test('CS-2 the 5th failure locks for 5 minutes', async () => {
    await play(`${four}, 0: 5, 5-1ms refused 5, 5 ok`);
  });

  test('CS-3 the 6th failure, after that lock, locks for 10 minutes', async () => {
    await play(`${four}, 0: 5, 5: 15, 15-1ms refused 15, 15 ok`);
  });

  test('CS-4 the 7th failure locks for 15 minutes', async () => {
    await play(`${four}, 0: 5, 5: 15, 15: 30, 30-1ms refused 30, 30 ok`);
  });

  test('CS-5 the 8th failure locks for 20 minutes', async () => {
    await play(`${four}, 0: 5, 5: 15, 15: 30, 30: 50, 50-1ms refused 50, 50 ok`);
  });

  test('CS-6 the 9th failure locks for 25 minutes', async () => {
    await play(`${four}, 0: 5, 5: 15, 15: 30, 30: 50, 50: 75, 75-1ms refused 75, 75 ok`);
  });

  test('CS-7 the 10th failure locks indefinitely; flooding during a lock brings it no nearer', async () => {
    await play(bestPace);
    const victim = await house().person(standard);
    await victim.guesses(5);
    for (const lock of [5, 10, 15, 20, 25]) {
      house().clock.advance(minutes(lock) - 1);
      expect(new Set(await victim.guesses(30))).toEqual(new Set([429]));
      house().clock.advance(1);
      expect(await victim.guesses(1)).toEqual([401]);
    }
    expect((await victim.signIn()).body).toMatchObject({ reason: 'locked', retryAt: null });
  });

  test('CS-8 only consecutive failures count: a success clears count and escalation', async () => {
    await play(`${four}, 0 ok, ${four}, 0: 5`);
    await play(`${four}, 0: 5, 5: 15, 15 ok, 15 –, 15 –, 15 –, 15 –, 15: 20`);
  });

  test('CS-9 a mail for the 5th and each further failure, with browser, device and address; none for refusals', async () => {
    const victim = await house().person(standard);
    const thief = victim.at({
      address: '203.0.113.9',
      device: 'kitchen tablet',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    });
    await playOverHttp(
      house(),
      thief,
      `${four}, 0: 5, 1 refused, 5: 15, 6 refused, 15: 30, 30: 50, 50: 75, 75: ∞, 80 refused, 90 refused`,
      inMinutes,
    );
    const text = 'Browser: Firefox 140 on Linux. Device: kitchen tablet. Address: 203.0.113.9.';
    expect(victim.site.post.mailbox(victim.account)).toEqual(
      [5, 6, 7, 8, 9, 10].map((failure) => ({ subject: `Failed sign-in number ${failure}`, text })),
    );
  });

  test('CS-10 after the 10th it stays locked, a year later still; the refusal says to contact an admin or owner', async () => {
    const victim = await play(bestPace);
    house().clock.advance(days(365));
    const refused = await victim.signIn();
    expect(refused).toMatchObject({ status: 429, body: { retryAt: null } });
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.sentence).toMatch(/Contact an admin or owner of your organization/);
    await play(`${bestPace}, 525600 refused ∞, 525600 unlock, 525600 ok`);
  });

  test('CS-11 "Forgot password" restores access during a timed lock, not during the indefinite one', async () => {
    await play(`${four}, 0: 5, 1 reset, 1 ok`);
    await play(`${bestPace}, 76 reset, 77 refused ∞`);
    await play(`${bestPace}, 76 reset, 77 ok`, anyReset);
  });

  test('CS-12 only an admin or owner of that organisation unlocks; anyone else gets 403', async () => {
    const victim = await locked();
    const strangers: readonly Roles[] = [{ acme: 'member' }, { other: 'admin' }, { other: 'owner' }];
    for (const role of strangers) {
      expect((await unlock(await manager(role), victim)).status).toBe(403);
    }
    expect((await unlock(await house().person(standard), victim)).status).toBe(401);
    expect(await isLocked(victim)).toBe(true);
    const managers: readonly Roles[] = [{ acme: 'admin' }, { acme: 'owner' }];
    for (const role of managers) {
      const other = await locked();
      expect(await unlock(await manager(role), other)).toMatchObject({
        status: 200,
        body: { changed: true },
      });
      expect(await isLocked(other)).toBe(false);
    }
  });

  test('CS-13 one locked user can be unlocked, from his row', async () => {
    const [victim, other] = [await locked('row'), await locked('row')];
    const admin = await manager({ row: 'admin' });
    const rows = async () =>
      (await admin.get('/administration/accounts?realm=row')).body['items'] as readonly {
        readonly id: string;
        readonly account: string;
        readonly unlockable: boolean;
      }[];
    expect((await rows()).map(({ account }) => account).sort()).toEqual(
      [victim.account, other.account].sort(),
    );
    const row = (await rows()).find(({ account }) => account === victim.account);
    expect(row?.unlockable).toBe(true);
    await admin.post(`/administration/accounts/-/${row?.id}/unlock`, { reason: 'asked' });
    expect((await rows()).map(({ account }) => account)).toEqual([other.account]);
    expect([await isLocked(victim), await isLocked(other)]).toEqual([false, true]);
  });

  test('CS-14 in bulk ten are unlocked; eleven are refused and none is unlocked', async () => {
    const admin = await manager();
    const eleven = await Promise.all(Array.from({ length: 11 }, () => locked()));
    expect((await unlockAll(admin, eleven)).status).toBe(422);
    for (const victim of eleven) expect(await isLocked(victim)).toBe(true);
    expect(await unlockAll(admin, eleven.slice(0, 10))).toMatchObject({
      status: 200,
      body: { changed: true },
    });
    for (const victim of eleven.slice(0, 10)) expect(await isLocked(victim)).toBe(false);
    expect(await isLocked(eleven[10] as Visitor)).toBe(true);
  });

  test('CS-15 reviewing a selection unlocks nobody; confirming it does', async () => {
    const admin = await manager();
    const selected = [await locked(), await locked()];
    const review = async () => {
      for (const victim of selected) {
        expect((await admin.get(path(victim))).body).toMatchObject({
          locked: true,
          unlockable: true,
          reasons: [],
        });
      }
    };
    await review();
    // Cancelled: shown again, nothing has changed.
    await review();
    for (const victim of selected) expect(await isLocked(victim)).toBe(true);
    expect((await unlockAll(admin, selected)).body).toEqual({ changed: true });
    for (const victim of selected) expect(await isLocked(victim)).toBe(false);
  });

  test('CS-16 members of several organisations, owners and users not locked are not unlockable, alone or in bulk', async () => {
    const admin = await manager({ acme: 'admin', other: 'admin' });
    const several = await somebody({ acme: 'member', other: 'member' });
    const owner = await somebody({ acme: 'owner' });
    await several.guesses(5);
    await owner.guesses(5);
    for (const [victim, reason] of [
      [several, 'several-organisations'],
      [owner, 'owner'],
    ] as const) {
      for (const answer of [await unlock(admin, victim), await unlockAll(admin, [victim])]) {
        expect([answer.status, refusedReasons(answer)]).toEqual([409, [reason]]);
      }
      expect((await admin.get(path(victim))).body).toMatchObject({ unlockable: false, reasons: [reason] });
      expect(await isLocked(victim)).toBe(true);
    }
    // Not even another owner of the organisation.
    expect((await unlock(await manager({ acme: 'owner' }), owner)).status).toBe(409);

    const freed = await locked();
    house().clock.advance(minutes(5));
    expect(await unlock(admin, freed)).toMatchObject({ status: 200, body: { changed: false } });
    const together = await unlockAll(admin, [freed]);
    expect([together.status, refusedReasons(together)]).toEqual([409, ['not-locked']]);
    expect((await admin.get(path(freed))).body).toMatchObject({ unlockable: false, reasons: ['not-locked'] });
  });

  test('CS-17 one ineligible of the selection unlocks none, and each has its reason', async () => {
    const admin = await manager();
    const fine = await locked();
    const owner = await somebody({ acme: 'owner' });
    await owner.guesses(5);
    const free = await somebody({ acme: 'member' });
    await free.guesses(1);
    const answer = await unlockAll(admin, [fine, owner, free]);
    expect(answer.status).toBe(409);
    expect(answer.body['errors']).toEqual([
      { account: owner.account, reason: 'owner' },
      { account: free.account, reason: 'not-locked' },
    ]);
    expect(await isLocked(fine)).toBe(true);
    expect((await unlockAll(admin, [fine])).body).toEqual({ changed: true });
  });

  test('CS-18 members of several organisations and owners are pointed to support; users not locked are not', async () => {
    const admin = await manager({ acme: 'admin', other: 'admin' });
    const pointed: readonly Roles[] = [{ acme: 'owner' }, { acme: 'member', other: 'member' }];
    for (const role of pointed) {
      const victim = await somebody(role);
      await victim.guesses(5);
      expect((await unlock(admin, victim)).body['support']).toBe(SUPPORT);
      expect((await unlockAll(admin, [victim])).body['support']).toBe(SUPPORT);
      expect((await admin.get(path(victim))).body['support']).toBe(SUPPORT);
    }
    const free = await somebody({ acme: 'member' });
    await free.guesses(1);
    const refused = await unlockAll(admin, [free]);
    expect(refused.status).toBe(409);
    expect(refused.body).not.toHaveProperty('support');
  });

  test('CS-19 after an unlock, or a reset that restores access, the next failure is the first', async () => {
    for (const act of ['unlock', 'reset']) {
      await play(`${four}, 0: 5, 5: 15, 6 ${act}, 7 – (1), 7 –, 7 –, 7 –, 7: 12`);
    }
  });

  test('CS-20 counts do not fade; only a retention set on purpose ends a count, never a lock', async () => {
    await play(`${four}, 525600: 525605`);
    await play(`${four}, 43200-1ms: 43205-1ms`, kept);
    await play(`${four}, 43200 – (1)`, kept);
    await play(`${bestPace}, 525600 refused ∞`, kept);
  });
});
