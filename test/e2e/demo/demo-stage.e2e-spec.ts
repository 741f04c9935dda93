import { afterEach, describe, expect, test } from '@jest/globals';
import { PASSWORD } from './demo-server.js';
import { DemoStage } from './demo-stage.js';
import { Visitor } from './visitor.js';

const MINUTE = 60_000;

describe('the stage for tests of the console', () => {
  let stage: DemoStage;

  afterEach(async () => {
    await stage.close();
  });

  test('locks accounts through the engine as guesses over HTTP do', async () => {
    stage = await DemoStage.open({ preset: 'outsystems' });
    const bob = { username: 'bob', address: '192.0.2.1' };
    const staff = { realm: 'it', username: 'alice', address: '192.0.2.2' } as const;
    await stage.lock([bob, staff, { username: 'nobody at all', address: '192.0.2.3' }]);
    expect(await stage.guess([bob], 1)).toEqual([[429]]);
    expect(await stage.guess([{ username: 'carol', address: '192.0.2.4' }], 4)).toEqual([
      [401, 401, 401, 429],
    ]);
    expect(await stage.fail([{ username: 'dave', address: '192.0.2.5' }], 2)).toEqual([2]);
    const { items } = (await (await stage.administrator()).locked()).body;
    expect(items.map(({ realm, account }) => `${realm}/${account}`).sort()).toEqual([
      'default/bob',
      'default/carol',
      'default/nobody at all',
      'it/alice',
    ]);
    stage.advance(MINUTE);
    await stage.sweep();
    expect((await (await stage.administrator()).locked()).body.items).toEqual([]);
    const { text } = await (await stage.administrator()).visitor.get('/lockout/events?type=expired');
    expect(JSON.parse(text).items).toHaveLength(4);
  });

  test('blocks addresses, locks by hand, and knows when nothing locks', async () => {
    const policies = [
      { name: 'account', threshold: 3, schedule: { kind: 'indefinite' } },
      { name: 'address', scope: ['address'], threshold: 4, schedule: { kind: 'fixed', durationMs: MINUTE } },
    ];
    stage = await DemoStage.open({ policies });
    await stage.lockAddresses(['198.51.100.1', '2001:db8::1'], 'it');
    await stage.lockByHand({ username: 'erin' }, stage.now + MINUTE);
    const admin = await stage.administrator('admin');
    expect((await admin.addresses()).body.items.map(({ address }) => address).sort()).toEqual([
      '198.51.100.1',
      '2001:db8::/64',
    ]);
    expect((await admin.locked()).body.items.map(({ account }) => account)).toEqual(['erin']);
    await stage.close();
    stage = await DemoStage.open({ policies: [{ ...policies[0], enforce: false }] });
    await expect(stage.lock([{ username: 'bob' }])).rejects.toThrow('Nothing locks bob.');
    await expect(stage.lockAddresses(['198.51.100.1'])).rejects.toThrow('Nothing blocks 198.51.100.1.');
  });

  test('signs administrators in, for the API and for a browser', async () => {
    stage = await DemoStage.open();
    for (const who of ['admin', 'user-manager', 'it-admin'] as const) {
      const browser = new Visitor(stage.url);
      for (const { name, value, url } of await stage.signedIn(who)) {
        expect(url).toBe(stage.url);
        browser.cookies.set(name, value);
      }
      expect((await browser.get('/me')).body.username).toBe(who);
    }
    expect((await stage.server.visitor().login('alice', PASSWORD)).status).toBe(200);
  });
});
