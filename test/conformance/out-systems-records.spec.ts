import { expect, test } from '@jest/globals';
import { minutes, outSystems, seconds } from 'nestjs-lockout/policy';
import { type House, onBothDatabases } from './app/house.js';
import type { Visitor } from './app/visitor.js';
import { playOverHttp } from './http-timeline.js';
import { blocksOf, custom, outSystemsPeople, standard } from './out-systems-site.js';

onBothDatabases("OutSystems' records", (house) => {
  const { endUser, userManager, spray } = outSystemsPeople(house);

  test('OS-24 a row of "See details" holds attempts, address and the time of the last attempt', async () => {
    const manager = await userManager();
    const user = await endUser();
    await user.guesses(2);
    house().clock.advance(seconds(7));
    const now = new Date(house().clock.now()).toISOString();
    await user.guesses(1);
    expect(await blocksOf(manager, user)).toMatchObject([
      { failures: 3, address: user.place.address, lastFailureAt: now },
    ]);
  });

  test('OS-25 a failure that blocks is logged with time, user, address, the attempt before and the count', async () => {
    const user = await endUser();
    const { clock } = house();
    const start = clock.now();
    await user.guesses(2);
    clock.advance(seconds(8));
    await user.guesses(1);
    expect(logOf(user).filter(({ blocks }) => blocks)).toEqual([
      {
        level: 'user',
        blocks: true,
        attempt: expect.any(String),
        time: new Date(start + seconds(8)).toISOString(),
        user: user.account,
        address: user.place.address,
        failures: 3,
        previousAt: new Date(start).toISOString(),
        sincePreviousMs: seconds(8),
      },
    ]);
  });

  test('OS-25 at the address level too the user who failed is named', async () => {
    const user = await endUser();
    await spray(user.place.address, 19);
    await user.guesses(1);
    expect(logOf(user).filter(({ blocks }) => blocks)).toMatchObject([
      { level: 'address', user: user.account, address: user.place.address, failures: 20 },
    ]);
  });

  test('OS-26 processes on one store with different settings raise a system check', async () => {
    const other: House = await house().another();
    try {
      const checks = async (site: { readonly url: string }) => {
        const response = await fetch(`${site.url}/health`);
        const { checks: found } = (await response.json()) as {
          readonly checks: readonly { readonly id: string }[];
        };
        return found.map(({ id }) => id);
      };
      const first = await other.process(standard);
      const twin = await other.process(standard);
      for (const site of [first, twin]) expect(await checks(site)).not.toContain('LCK016');
      const halved = { ...standard, policies: outSystems({ windowMs: minutes(30) }) };
      const different = await other.process(halved);
      for (const site of [first, twin, different]) expect(await checks(site)).toContain('LCK016');
      await different.close();
      // Who has not been heard of for a while is gone.
      other.clock.advance(minutes(10));
      for (const site of [first, twin]) expect(await checks(site)).not.toContain('LCK016');
    } finally {
      await other.close();
    }
  });

  test('OS-27 it holds for a custom user provider', async () => {
    const user = await endUser({}, custom);
    const legacy = user.at({ password: `legacy ${user.credentials.name}` });
    expect((await user.signIn()).status).toBe(401);
    expect((await legacy.signIn()).status).toBe(200);
    await playOverHttp(house(), legacy, '0 –, 0 –, 0: 30, 30 ok');
  });

  test('OS-28 a failure that does not block is logged with time, user and the counts at both levels', async () => {
    const user = await endUser();
    await spray(user.place.address, 4);
    house().clock.advance(seconds(1));
    const time = new Date(house().clock.now()).toISOString();
    await user.guesses(1);
    const records = logOf(user).filter((record) => record.time === time);
    expect(records).toMatchObject([
      { level: 'user', blocks: false, user: user.account, failures: 1 },
      { level: 'address', blocks: false, user: user.account, address: user.place.address, failures: 5 },
    ]);
    // One failure: the two are one record of the log.
    expect(new Set(records.map(({ attempt }) => attempt)).size).toBe(1);
    expect(records[0]?.attempt).toEqual(expect.any(String));
  });
});

/** The log's records about a user, or about the address it came from, user level first. */
const logOf = ({ site, account, place }: Visitor) =>
  site.post.log
    .filter((record) => (record.user ?? account) === account && record.address === place.address)
    .sort((a, b) => (a.level < b.level ? 1 : -1));
