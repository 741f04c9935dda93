import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type House, openHouse, type Premises, premises, SECRET } from './house.js';
import { answered, run, runAtTerminal } from './program.js';

const [sqlite] = premises as readonly [Premises, ...Premises[]];
const REASON = ['--reason', 'called, proved who she is'];

describe('changes from the terminal', () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse(sqlite);
  });
  afterAll(() => house.close());

  const over = (...args: readonly string[]) => run([...args, ...house.api.args], house.api.env);
  const at = (...args: readonly string[]) => run([...args, ...house.store.args], house.store.env);

  describe('where nobody can be asked', () => {
    it('need --yes, and change nothing without', async () => {
      await house.fail('yes', 3);
      for (const { code, out, err } of [
        await over('unlock', 'yes', ...REASON),
        await at('unlock', 'yes', ...REASON, '--by', 'ada'),
        await over('lock', 'yes', '--until', '1h', ...REASON),
      ]) {
        expect(code).toBe(2);
        expect(out).toBe('');
        expect(err).toMatch(/--yes changes without a question/);
      }
      expect(await house.isRefused('yes')).toBe(true);
    });

    it('need a reason, and at the store a name', async () => {
      await house.fail('why', 3);
      const { code, err } = await at('unlock', 'why', '--yes');
      expect(code).toBe(2);
      expect(err).toBe(
        'Who? --by <your name> is recorded with the change.\nWhy? --reason <text> is recorded with the change.\nSee nestjs-lockout unlock --help\n',
      );
      expect((await over('unlock', 'why', '--yes')).err).toMatch(/^Why\? /);
      expect(await house.isRefused('why')).toBe(true);
    });

    it('are not signed by anybody but whom the API knows', async () => {
      const { code, err } = await over('unlock', 'why', '--yes', ...REASON, '--by', 'somebody else');
      expect(code).toBe(2);
      expect(err).toMatch(/the API knows who you are/);
    });

    it.each([
      ['--reason', ' '],
      ['--reason', 'two\nlines'],
      ['--reason', 'x'.repeat(501)],
      ['--by', '\u001b[2J'],
      ['--by', 'x'.repeat(321)],
    ])('take no %s that cannot stand in a line of the record: %j', async (option, text) => {
      const { code, err } = await at('unlock', 'why', '--yes', ...REASON, '--by', 'ada', option, text);
      expect(code).toBe(2);
      expect(err).toMatch(new RegExp(`^${option} must `));
    });
  });

  it('unlock all or none', async () => {
    await house.fail('one', 3);
    await house.fail('two', 3);
    const refused = await over('unlock', 'one', 'two', 'never', '--yes', ...REASON);
    expect(refused.code).toBe(3);
    expect(refused.err).toMatch(/^Nothing was unlocked.*\n {2}never: is not locked\n$/);
    expect(await house.isRefused('one')).toBe(true);
    const done = await over('unlock', 'one', 'two', '--yes', ...REASON);
    expect(done).toEqual({ code: 0, out: 'Unlocked one and two.\n', err: '' });
    expect(await house.isRefused('two')).toBe(false);
  });

  it('unlock one account at one address, or the address as such', async () => {
    await house.fail('near', 3, { address: '203.0.113.5' });
    for (const name of ['h', 'i']) await house.fail(name, 2, { address: '203.0.113.5' });
    expect((await over('status', '--address', '203.0.113.5')).code).toBe(1);
    await house.fail('k', 1, { address: '203.0.113.5' });
    const status = await over('status', '--address', '203.0.113.5');
    expect(status.code).toBe(0);
    expect(status.out).toMatch(/^203\.0\.113\.5 is locked\./);
    // No lock of this account counts by its address.
    const elsewhere = await over('unlock', 'near', '--address', '203.0.113.5', '--yes', ...REASON);
    expect(elsewhere).toMatchObject({
      code: 1,
      out: 'near at 203.0.113.5: not locked. Nothing was changed.\n',
    });
    const done = await over('unlock', '--address', '203.0.113.5', '--yes', ...REASON);
    expect(done).toMatchObject({ code: 0, out: 'Unlocked 203.0.113.5.\n' });
    expect((await over('status', 'near')).code).toBe(0);
    expect(await house.isRefused('somebody', { address: '203.0.113.5' })).toBe(false);
  });

  it('name an account or an address by its id', async () => {
    await house.fail('by-id', 3);
    const { answer } = await answered(['status', 'by-id', ...house.api.args], house.api.env);
    const { id } = answer as { readonly id: string };
    expect((await over('status', id, '--id')).code).toBe(0);
    expect((await at('unlock', id, '--id', '--yes', '--by', 'ada', ...REASON)).code).toBe(0);
    expect((await over('status', id, '--id')).code).toBe(1);
  });

  it('lock for so long by the clock of the store, and say until when', async () => {
    const before = Date.now();
    const { code, out } = await at('lock', 'until', '--until', '1h30m', '--yes', '--by', 'ada', ...REASON);
    expect(code).toBe(0);
    expect(out).toMatch(/^Locked until until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(in 1 h 30 min\)\.\n$/);
    const { counters } = await house.engine.status({ account: 'until' });
    const [until] = counters.map(({ lock }) => lock?.until ?? 0);
    expect(until).toBeGreaterThanOrEqual(before + 90 * 60_000 - 1000);
    expect(until).toBeLessThanOrEqual(Date.now() + 90 * 60_000 + 1000);
    // Its name is kept, as the application keeps the others.
    expect((await over('list', '--search', 'unti')).out).toMatch(/│ until +│/);
  });

  it('keep no name where the application keeps none', async () => {
    const silent = await openHouse(sqlite, { labels: false });
    try {
      await silent.fail('secretive', 1);
      const args = ['lock', 'other', '--until', 'indefinite', '--yes', '--by', 'ada', ...REASON];
      expect((await run([...args, ...silent.store.args], silent.store.env)).code).toBe(0);
      expect(await silent.isRefused('other')).toBe(true);
      const { code, answer } = await answered(['list', ...silent.api.args], silent.api.env);
      expect({ code, answer }).toMatchObject({ code: 0, answer: { items: [{ account: null }] } });
      const { items } = answer as { readonly items: readonly { readonly id: string }[] };
      const table = await run(['list', ...silent.api.args], silent.api.env);
      expect(table.out).toContain(items[0]?.id);
    } finally {
      await silent.close();
    }
  });

  it.each([
    '',
    '2',
    '2x',
    '-1h',
    '0h',
    '2030-01-31',
    '2030-01-31T12:00:00',
    '99999999999999999999d',
    'never',
  ])('take no end like %j', async (end) => {
    const { code, err } = await over('lock', 'until', `--until=${end}`, '--yes', ...REASON);
    expect(code).toBe(2);
    expect(err).toMatch(/^--until .*write how long/);
  });

  it('are refused to whom they are refused, and say where to turn', async () => {
    await house.fail('vip', 3);
    await house.fail('coin', 3, { realm: 'vault' });
    const clerk = { LOCKOUT_HEADER: 'X-User: clerk-admin' };
    const args = ['--yes', ...REASON, ...house.api.args];
    const eligible = await over('unlock', 'vip', '--yes', ...REASON);
    expect(eligible).toMatchObject({ code: 3, out: '' });
    expect(eligible.err).toMatch(/\n {2}vip: only the board may\n$/);
    const permitted = await run(['unlock', 'coin', '--realm', 'vault', ...args], clerk);
    expect(permitted).toEqual({
      code: 3,
      out: '',
      err: 'You may not unlock in the realm vault.\nTurn to: the vault desk\n',
    });
    const guarded = await run(['unlock', 'vip', ...args], { LOCKOUT_HEADER: 'X-User: member' });
    expect(guarded.code).toBe(3);
    const nobody = await run(['unlock', 'vip', ...args]);
    expect(nobody.code).toBe(3);
    expect(nobody.err).toMatch(/answered 401: sign in first\n.*--header/);
    expect(await house.isRefused('vip')).toBe(true);
    // Whoever has the secrets is asked nothing by the application.
    expect((await at('unlock', 'vip', '--yes', '--by', 'ada', ...REASON)).code).toBe(0);
  });

  it('take the header from the command line before the environment', async () => {
    const { code } = await run(['list', ...house.api.args, '--header', 'x-user: admin'], {
      LOCKOUT_HEADER: 'X-User: member\nX-Other: 1',
    });
    expect(code).toBe(0);
  });

  it('let a locked-out administrator in, and record who did and why', async () => {
    await house.fail('the-only-admin', 3);
    expect(await house.isRefused('the-only-admin')).toBe(true);
    // Without the policies in code: what an operator has at hand at 3 a.m.
    const [option = '', database = ''] = house.store.args;
    const env = { LOCKOUT_SECRET: SECRET, LOCKOUT_DATABASE: database };
    expect(option).toBe('--database');
    const status = await run(['status', 'the-only-admin'], env);
    expect(status.code).toBe(0);
    expect(status.out).toMatch(/^the-only-admin is locked by a counter that no policy known here reads\./);
    // Without the policies nobody could say that an attempt would be let through.
    const tried = await run(['status', 'the-only-admin', '--address', '192.0.2.1'], env);
    expect(tried).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/give --policies or --preset/),
    });
    expect(status.err).toMatch(/^Note: No policy is known here/);
    const who = ['--by', 'Ada, on call', '--reason', 'no administrator can sign in', '--yes'];
    expect((await run(['unlock', 'the-only-admin', ...who], env)).code).toBe(0);
    // The next decision of the running application.
    expect(await house.isRefused('the-only-admin')).toBe(false);
    const { items } = await house.engine.options.store.list({ type: 'unlocked', limit: 1 });
    expect(items.map(({ event }) => event)).toMatchObject([
      { via: 'admin', by: 'Ada, on call', reason: 'no administrator can sign in', before: { failures: 3 } },
    ]);
  });

  it('unlock everything only at the store, and only where it is meant', async () => {
    await house.fail('all-1', 3);
    await house.fail('all-2', 3, { realm: 'shop' });
    const everything = ['unlock', '--everything', '--reason', 'a wrong policy'];
    expect((await over(...everything, '--yes')).err).toMatch(/^--everything is for --database/);
    expect((await at(...everything, '--by', 'ada')).code).toBe(2);
    expect((await at(...everything, 'all-1', '--yes', '--by', 'ada')).code).toBe(2);
    const shop = await at(...everything, '--realm', 'shop', '--yes', '--by', 'ada', '--json');
    expect(JSON.parse(shop.out)).toEqual({ changed: true, unlocked: 1 });
    expect(await house.isRefused('all-1')).toBe(true);
    const asked = await runAtTerminal(
      [...everything, '--by', 'ada', ...house.store.args],
      [['Type "unlock everything": ', 'y\n']],
      house.store.env,
    );
    expect(asked).toMatchObject({ code: 1, screen: expect.stringMatching(/Nothing was changed\./) });
    const meant = await runAtTerminal(
      [...everything, '--by', 'ada', ...house.store.args],
      [['Type "unlock everything": ', 'unlock everything\n']],
      house.store.env,
    );
    expect(meant).toMatchObject({ code: 0, screen: expect.stringMatching(/Unlocked \d+ records?\./) });
    expect(await house.isRefused('all-1')).toBe(false);
    expect((await at(...everything, '--yes', '--by', 'ada')).code).toBe(1);
  });

  describe('where somebody sits at the terminal', () => {
    it('are shown, asked who and why, and made when confirmed', async () => {
      await house.fail('asked', 3, { address: '192.0.2.33' });
      const { code, screen } = await runAtTerminal(
        ['unlock', 'asked', ...house.store.args],
        [
          ['Who are you, for the record? [ada] ', '\n'],
          ['Why, for the record? ', 'she called\n'],
          ['Unlock? [y/N] ', 'y\n'],
        ],
        { ...house.store.env, USER: 'ada' },
      );
      expect(code).toBe(0);
      expect(screen).toMatch(/At sqlite:\/.*, this is to be unlocked:/);
      expect(screen).toMatch(/│ .*asked.* │ .*\(in \d+ h/);
      expect(screen).toMatch(/Unlocked asked\./);
      const { items } = await house.engine.options.store.list({ type: 'unlocked', limit: 1 });
      expect(items.map(({ event }) => event)).toMatchObject([{ by: 'ada', reason: 'she called' }]);
    });

    it.each(['API', 'store'])('are not made at what is not any more what was shown (%s)', async (way) => {
      const account = `moved-${way}`;
      await house.fail(account, 3);
      const { args, env } = way === 'API' ? house.api : house.store;
      const who = way === 'API' ? [] : ['--by', 'ada'];
      const { code, screen } = await runAtTerminal(
        ['unlock', account, ...who, ...REASON, ...args],
        [
          [
            'Unlock? [y/N] ',
            async () => {
              await house.engine.lock({ account }, null, { by: 'admin', reason: 'stolen meanwhile' });
              return 'y\n';
            },
          ],
        ],
        env,
      );
      expect(code).toBe(3);
      expect(screen).toMatch(/changed/);
      expect(await house.isRefused(account)).toBe(true);
    });

    it.each(['n\n', '\n', 'yes please\n', '\u0004', '\u0003'])(
      'are not made when the answer is %j',
      async (answer) => {
        const account = `unsure-${Buffer.from(answer).toString('hex')}`;
        await house.fail(account, 3);
        const { code, screen } = await runAtTerminal(
          ['unlock', account, ...REASON, ...house.api.args],
          [['Unlock? [y/N] ', answer]],
          house.api.env,
        );
        expect(code).toBe(1);
        expect(screen).toMatch(/Nothing was changed\./);
        expect(await house.isRefused(account)).toBe(true);
      },
    );

    it('are not asked for where nothing is locked', async () => {
      const { code, screen } = await runAtTerminal(['unlock', 'free', ...house.api.args], [], house.api.env);
      expect(code).toBe(1);
      expect(screen).toMatch(/free: not locked\. Nothing was changed\./);
    });

    it('lock likewise', async () => {
      const { code } = await runAtTerminal(
        ['lock', 'stolen', '--until', 'indefinite', ...house.api.args],
        [
          ['Why, for the record? ', 'her laptop was stolen\n'],
          ['Lock? [y/N] ', 'yes\n'],
        ],
        house.api.env,
      );
      expect(code).toBe(0);
      expect(await house.isRefused('stolen')).toBe(true);
    });

    it('are coloured there, unless colours are declined', async () => {
      await house.fail('red', 3);
      const args = ['status', 'red', ...house.api.args];
      const control = '\u001b[';
      expect((await runAtTerminal(args, [], house.api.env)).screen).toContain(`${control}31mred is locked.`);
      const declined = await runAtTerminal(args, [], { ...house.api.env, NO_COLOR: '1' });
      expect(declined.screen).toContain('red is locked.');
      expect(declined.screen).not.toContain(control);
      expect((await over('status', 'red')).out).not.toContain(control);
    });
  });
});
