import { expect, test } from '@jest/globals';
import { profileLockout, WebhookSink } from 'nestjs-lockout';
import { hours, minutes, PolicyError, reachFive } from 'nestjs-lockout/policy';
import { Webhook } from 'standardwebhooks';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { onBothDatabases } from './app/house.js';
import { faultsOf, PolicyDesk } from './app/policy-desk.js';
import type { SiteOptions } from './app/site.js';
import type { Visitor } from './app/visitor.js';
import { playOverHttp } from './http-timeline.js';

const standard: SiteOptions = { policies: reachFive() };
/** The document's scenarios: 5 allowed, 7 minutes. */
const scenario: SiteOptions = { policies: reachFive({ allowedFailures: 5, firstLockMs: minutes(7) }) };
/** The site of Elisabeth and Melanie. */
const three: SiteOptions = { policies: reachFive({ allowedFailures: 3 }) };

const inMinutes = { unitMs: minutes(1) };
const five = '0 –, 0 –, 0 –, 0 –, 0 –';

onBothDatabases(
  'ReachFive',
  (house) => {
    const play = async (site: SiteOptions, written: string): Promise<Visitor> =>
      playOverHttp(house(), await house().person(site), written, inMinutes);
    const endDate = async (visitor: Visitor): Promise<unknown> => {
      // By a method outside the policy, so that the profile can be read while the password is locked.
      const { body } = await (await visitor.session('sms')).get('/profile');
      return body['lockout_end_date'];
    };
    const lockouts = ({ site, account }: Visitor) =>
      site.post.userEvents.filter(({ type, profile }) => type === 'profile_lockout' && profile === account);

    test('R5-1 by default five failures are allowed, and the sixth locks for 5 minutes', async () => {
      await play(standard, `${five}, 0 ok`);
      await play(standard, `${five}, 0: 5, 5-1ms refused 5, 5 ok`);
    });

    test('R5-2 Mehdi: three failures, and the 4th attempt is right: no lockout', async () => {
      const mehdi = await play(scenario, '0 –, 1 –, 2 –, 3 ok');
      expect(lockouts(mehdi)).toEqual([]);
    });

    test('R5-3 Thomas: five failures, and the 6th attempt is right: no lockout', async () => {
      const thomas = await play(scenario, `${five}, 1 ok`);
      expect(lockouts(thomas)).toEqual([]);
    });

    test('R5-4 Alex: the sixth failure locks for 7 minutes, and is itself answered as wrong', async () => {
      const alex = await house().person(scenario);
      expect(await alex.guesses(6)).toEqual([401, 401, 401, 401, 401, 401]);
      const refused = await alex.signIn();
      expect(refused).toMatchObject({ status: 429, body: { reason: 'locked' } });
      expect(Date.parse(refused.body.retryAt ?? '') - house().clock.now()).toBe(minutes(7));
      expect(refused.headers.get('retry-after')).toBe('420');
      house().clock.advance(minutes(7) - 1);
      expect((await alex.signIn()).status).toBe(429);
      house().clock.advance(1);
      expect((await alex.signIn()).status).toBe(200);
    });

    test('R5-5 Elisabeth: of three allowed the fourth failure locks', async () => {
      await play(three, '0 –, 0 –, 0 –, 0 ok');
      await play(three, '0 –, 0 –, 0 –, 0: 5');
    });

    test('R5-6 Melanie: weeks after a lockout count 3 does not lock, and the fourth locks for the first duration', async () => {
      await play(three, '0 –, 0 –, 0 –, 0: 5, 20000 –, 20000 –, 20020 – (3), 20021: 20026');
    });

    test('R5-7 Francois: after the lock one failure locks for twice as long, and a right password signs in', async () => {
      await play(scenario, `${five}, 0: 7, 7: 21, 21-1ms refused 21`);
      await play(scenario, `${five}, 0: 7, 7 ok`);
    });

    test('R5-8 the k-th lockout lasts min(first × 2^(k-1), 24 h)', async () => {
      const lasts = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440];
      let now = 0;
      const locks = lasts.map((last) => {
        const entry = `${now}: ${now + last}`;
        now += last;
        return entry;
      });
      await play(standard, [five, ...locks].join(','));
    });

    test('R5-9 a first duration of 24 h stays 24 h; above it is refused, in configuration and when saved', async () => {
      const name = 'reachfive-9';
      const day: SiteOptions = { policies: reachFive({ name, allowedFailures: 1, firstLockMs: hours(24) }) };
      await play(day, '0 –, 0: 1440, 1440: 2880, 2880: 4320');
      expect(() => reachFive({ firstLockMs: hours(24) + minutes(1) })).toThrow(PolicyError);
      const desk = new PolicyDesk(await house().administrator(day));
      const tooLong = { kind: 'exponential', initialMs: hours(24) + minutes(1), factor: 2, by: 'lockouts' };
      const answer = await desk.save({ policy: name }, { schedule: { ...tooLong, maximumMs: hours(24) } });
      expect(answer.status).toBe(422);
      expect(faultsOf(answer)).toContain('schedule.initialMs');
      expect((await desk.read({ policy: name })).version).toBe(0);
    });

    test('R5-10 Chris: 3 failures at 09:30 are forgotten at 16:30: the count is 2', async () => {
      await play(standard, '570 –, 570 –, 570 – (3), 990 –, 990 – (2)');
    });

    test('R5-10 Melanie: 2 failures at 10:15 still count at 10:35: the count is 3', async () => {
      await play(three, '615 –, 615 –, 635 – (3)');
    });

    test('R5-10 not locked, the count is forgotten exactly R after the last failure', async () => {
      await play(standard, '0 –, 30 –, 90-1ms – (3)');
      await play(standard, '0 –, 30 –, 90 – (1)');
    });

    test('R5-11 after a lockout the count is forgotten exactly R after its end, and not a millisecond before', async () => {
      await play(three, '0 –, 0 –, 0 –, 0: 5, 65-1ms: 75-1ms');
      await play(three, '0 –, 0 –, 0 –, 0: 5, 65 – (1), 65 –, 65 –, 65: 70');
    });

    test('R5-12 forgetting clears count and escalation, after R, a setting', async () => {
      const twenty: SiteOptions = {
        policies: reachFive({ allowedFailures: 1, resetAfterMs: minutes(20) }),
      };
      await play(twenty, '0 –, 0: 5, 5: 15, 35 – (1), 35: 40');
      await play(standard, `${five}, 0: 5, 65 – (1)`);
    });

    test('R5-13 lockout_end_date is empty, in the future, then past; it survives forgetting and pruning', async () => {
      const { clock } = house();
      const elisabeth = await house().person(three);
      expect(await endDate(elisabeth)).toBe('');
      clock.moveTo(Date.parse('2023-02-21T12:10:09.536Z'));
      await elisabeth.guesses(3);
      expect(await endDate(elisabeth)).toBe('');
      await elisabeth.guess();
      expect(await endDate(elisabeth)).toBe('2023-02-21T12:15:09.536Z');
      clock.advance(minutes(5));
      expect((await elisabeth.at({}).guess()).status).toBe(401);
      expect(await endDate(elisabeth)).toBe('2023-02-21T12:25:09.536Z');
      clock.advance(minutes(10));
      expect(await endDate(elisabeth)).toBe('2023-02-21T12:25:09.536Z');
      clock.advance(hours(48));
      const { sweeper } = elisabeth.site.engine;
      await sweeper.sweep();
      clock.advance(hours(1));
      await sweeper.sweep();
      const administrator = await house().administrator(three);
      expect((await administrator.get(`/lockout/accounts/default/${elisabeth.account}`)).status).toBe(404);
      expect(await endDate(elisabeth)).toBe('2023-02-21T12:25:09.536Z');
    });

    test('R5-13 after an early unlock, or a completed reset, lockout_end_date is that moment', async () => {
      const { clock } = house();
      for (const act of ['unlock', 'reset']) {
        const visitor = await play(three, `0 –, 0 –, 0 –, 0: 5, 1 ${act}`);
        const now = new Date(clock.now()).toISOString();
        expect(await endDate(visitor)).toBe(now);
        clock.advance(minutes(1));
        expect(await endDate(visitor)).toBe(now);
      }
    });

    test('R5-14 profile_lockout is sent once for each lockout, relocks too, and for no refusal', async () => {
      const start = house().clock.now();
      const at = (minute: number) => new Date(start + minutes(minute)).toISOString();
      const alex = await play(
        scenario,
        `${five}, 0: 7, 1 refused, 2 refused, 7: 21, 8 refused, 21: 49, 49 ok`,
      );
      expect(lockouts(alex)).toEqual(
        [0, 7, 21].map((minute) => ({ type: 'profile_lockout', profile: alex.account, date: at(minute) })),
      );
    });

    test('R5-14 profile_lockout goes out as one signed webhook for each lockout, and for no failure or refusal', async () => {
      const receiver = await WebhookReceiver.start();
      try {
        const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
        const sinks = [new WebhookSink({ url: receiver.url, secret, map: profileLockout() })];
        const start = house().clock.now();
        const alex = await play(
          { ...scenario, sinks },
          `${five}, 0: 7, 1 refused, 7: 21, 8 refused, 21: 49, 49 ok`,
        );
        await alex.site.deliver();
        const locked = await alex.site.engine.options.store.list({ type: 'locked', limit: 10 });
        const own = locked.items.filter(({ facts }) => facts.accountLabel === alex.account).reverse();
        const ids = receiver.requests.map(({ headers }) => String(headers['webhook-id']));
        expect(ids).toEqual(own.map(({ id }) => id));
        expect(new Set(ids).size).toBe(3);
        expect(receiver.requests.map(({ body }) => body)).toEqual(
          [0, 7, 21].map((minute, n) => ({
            type: 'profile_lockout',
            profile: alex.account,
            date: new Date(start + minutes(minute)).toISOString(),
            lockout_end_date: new Date(start + minutes([7, 21, 49][n] ?? 0)).toISOString(),
          })),
        );
        for (const { headers, text } of receiver.requests) {
          const sentAt = new Date(Number(headers['webhook-timestamp']) * 1_000);
          const signature = new Webhook(secret).sign(String(headers['webhook-id']), sentAt, text);
          expect(headers['webhook-signature']).toBe(signature);
        }
      } finally {
        await receiver.close();
      }
    });

    test('R5-15 Marion: asking for a reset changes nothing; a completed one lets the new password in', async () => {
      const marion = await play(scenario, `${five}, 0: 7`);
      await marion.askReset();
      expect((await marion.signIn()).status).toBe(429);
      const renewed = await marion.completeReset('battery staple');
      expect((await marion.signIn()).status).toBe(401);
      expect((await renewed.signIn()).status).toBe(200);
      // Count and escalation are gone too.
      await play(scenario, `${five}, 0: 7, 2 reset, ${five.replaceAll('0', '2')}, 2: 9`);
    });

    test('R5-16 methods outside the policy work while locked and change neither lock nor count nor escalation', async () => {
      const locked = `${five}, 0: 7, 1 #sms ok, 2 #social ok, 3 #passkey ok, 4 #sms –, 5 refused 7, 7: 21`;
      await play(scenario, locked);
      await play(scenario, '0 –, 0 – (2), 1 #sms ok (2), 1 #passkey ok (2), 1 #sms – (2), 2 – (3)');
    });

    test('R5-17 a saved setting governs on every process without a restart; a lock in force keeps its end', async () => {
      const name = 'reachfive-17';
      const live: SiteOptions = { policies: reachFive({ name }) };
      const { clock } = house();
      const other = await house().process(live);
      const locked = await house().person(live);
      await locked.guesses(6);
      const until = (await locked.on(other).signIn()).body.retryAt;
      const desk = new PolicyDesk(await house().administrator(live));
      const schedule = { kind: 'exponential', initialMs: minutes(30), factor: 2, by: 'lockouts' };

      const before = await house().person(live);
      expect(await before.on(other).guesses(3)).toEqual([401, 401, 401]);
      expect((await before.on(other).signIn()).status).toBe(200);

      const saved = await desk.save(
        { policy: name },
        { threshold: 2, schedule: { ...schedule, maximumMs: hours(24) } },
      );
      expect(saved.status).toBe(200);
      clock.advance(1000);
      const after = (await house().person(live)).on(other);
      expect(await after.guesses(3)).toEqual([401, 401, 401]);
      const refused = await after.signIn();
      expect(Date.parse(refused.body.retryAt ?? '') - clock.now()).toBe(minutes(30));
      expect((await locked.on(other).signIn()).body.retryAt).toBe(until);
      expect((await locked.signIn()).body.retryAt).toBe(until);
    });

    test('R5-18 a right password when not locked clears count and escalation', async () => {
      await play(scenario, `${five} (5), 1 ok (0), 1 – (1)`);
      await play(scenario, `${five}, 0: 7, 7 ok, ${five.replaceAll('0', '8')}, 8: 15`);
    });
  },
  '2022-12-01T00:00:00.000Z',
);
