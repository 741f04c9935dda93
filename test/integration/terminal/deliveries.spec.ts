import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeliveryRefusedError, LockoutNotifier } from 'nestjs-lockout';
import type { EventView } from 'nestjs-lockout/admin';
import { type House, openHouse, type Premises, premises } from './house.js';
import { answered, PROGRAM, run, runAtTerminal, runProcess } from './program.js';

const [sqlite] = premises as readonly [Premises, ...Premises[]];
const WHY = ['--reason', 'ticket 4711', '--yes'];

const folder = mkdtempSync(join(tmpdir(), 'lockout-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (text: string): readonly EventView[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as EventView);

describe('what is taken along, delivered and forgotten from the terminal', () => {
  let house: House;
  let ways: readonly {
    readonly args: readonly string[];
    readonly env: Record<string, string>;
    readonly who: readonly string[];
  }[];

  beforeAll(async () => {
    house = await openHouse(sqlite, {
      sinks: [
        {
          name: 'pager',
          wants: ({ type }) => type === 'locked',
          deliver: async () => {
            throw new DeliveryRefusedError('no pager \u001b[2J');
          },
        },
      ],
      delivery: { dispatch: false },
    });
    ways = [
      { args: house.api.args, env: { ...house.api.env }, who: [] },
      { args: house.store.args, env: { ...house.store.env }, who: ['--by', 'ada'] },
    ];
  });
  afterAll(() => house.close());

  const givenUp = async (...accounts: readonly string[]) => {
    for (const account of accounts) await house.fail(account, 3);
    await house.app.get(LockoutNotifier).runOnce();
  };
  const outbox = () => {
    const { outbox: there } = house.engine;
    if (!there) throw new Error('Every store of this package keeps deliveries.');
    return there;
  };
  const deadLetters = async () => (await outbox().deliveries({ state: 'dead', limit: 100 })).items;

  it('the record is the same file both ways, which nobody else may read', async () => {
    await house.fail('ann', 3);
    const texts = await Promise.all(
      ways.map(async ({ args, env, who }) => {
        const file = join(folder, `events-${who.length}.jsonl`);
        const { code, out, err } = await run(['events', '--export', file, '--type', 'locked', ...args], env);
        expect([code, out, err]).toEqual([0, '', `Wrote 1 event to ${file}.\n`]);
        expect(statSync(file).mode & 0o777).toBe(0o600);
        return readFileSync(file, 'utf8');
      }),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(linesOf(texts[0] ?? '')).toMatchObject([{ type: 'locked', account: 'ann' }]);
  });

  it('goes to the standard output too, from a moment on, and into no file that is there', async () => {
    const { args, env } = house.api;
    const there = join(folder, 'there.jsonl');
    writeFileSync(there, 'kept');
    const refused = join(folder, 'refused.jsonl');
    const clerk = { LOCKOUT_HEADER: 'X-User: clerk-admin' };
    const [, store] = ways;
    const ended = await Promise.all([
      run(['events', 'ann', '--export', '-', ...args], env),
      run(['events', '--export', '-', '--from', '2100-01-01T00:00:00Z', ...args], env),
      run(['events', '--export', '-', '--from', 'yesterday', ...(store?.args ?? [])], store?.env),
      run(['events', '--export', '-', '--json', ...args], env),
      runProcess(['events', '--export', there, ...args], env),
      runProcess(['events', '--export', join(folder, 'no', 'such.jsonl'), ...args], env),
      run(['events', '--realm', 'vault', '--export', refused, ...args], clerk),
    ]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 2, 2, 2, 2, 3]);
    const [all, later, , , exists, nowhere] = ended;
    expect(linesOf(all.out)).toMatchObject([{ account: 'ann' }]);
    expect(later.out).toBe('');
    expect(exists.err).toMatch(/is there already/);
    expect(readFileSync(there, 'utf8')).toBe('kept');
    expect(nowhere.err).toMatch(/cannot be made \(ENOENT\)/);
    expect(existsSync(refused)).toBe(false);
  });

  it('says so in one line where the standard output takes nothing', async () => {
    const { args, env } = house.api;
    const command = [process.execPath, PROGRAM, 'events', '--export', '-', ...args];
    const child = spawn('sh', ['-c', 'exec "$0" "$@" >/dev/full', ...command], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    const [said, [code]] = await Promise.all([textOf(child.stderr), once(child, 'close')]);
    expect([code, said]).toEqual([4, 'The output cannot be written (ENOSPC).\n']);
  });

  it('leaves no file of what was cut on its way, or is no export', async () => {
    const answers = [
      { type: 'application/jsonl', cut: true, code: 4, said: /Not all of it came/ },
      { type: 'text/html', cut: false, code: 5, said: /not as the lockout API does/ },
    ];
    for (const { type, cut, code, said } of answers) {
      const server = createServer((_, response) => {
        response.writeHead(200, { 'content-type': type });
        response.write('{"id":"1"}\n', () => (cut ? response.destroy() : response.end()));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const file = join(folder, `from-${code}.jsonl`);
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lockout`;
      const ended = await run(['events', '--export', file, '--url', url]);
      server.close();
      expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(said)]);
      expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
    }
  });

  it('dead letters are shown, delivered once more or dropped, with who and why in the record', async () => {
    for (const { args, env, who } of ways) {
      await givenUp(`${who.length}-a`, `${who.length}-b`);
      const [first = '', second = ''] = (await deadLetters()).slice(-2).map(({ id }) => id);
      const change = (...ids: readonly string[]) =>
        answered(['deliveries', ...args, ...WHY, ...who, ...ids], env);
      const shown = await run(['deliveries', '--dead', '--sink', 'pager', ...args], env);
      expect(shown.code).toBe(0);
      for (const text of [first, second, 'no pager', 'given up']) expect(shown.out).toContain(text);
      const one = { code: 0, answer: { changed: true, count: 1 } };
      expect(await change('--retry', first)).toEqual(one);
      expect(await change('--drop', second, 'unheard-of')).toEqual(one);
      const waiting = await outbox().deliveries({ state: 'waiting', limit: 100 });
      expect(waiting.items.map(({ id }) => id)).toEqual([first]);
      expect((await deadLetters()).map(({ id }) => id)).not.toContain(second);
      const { items } = await house.engine.options.store.list({ type: 'administered', limit: 2 });
      const told = { count: 1, by: who[1] ?? 'admin', reason: 'ticket 4711' };
      expect(items.map(({ event }) => event)).toMatchObject([
        { action: 'drop-deliveries', ...told },
        { action: 'retry-deliveries', ...told },
      ]);
    }
    const { args, env } = house.api;
    const clerk = { LOCKOUT_HEADER: 'X-User: clerk-admin' };
    const [both, unasked, forbidden] = await Promise.all([
      run(['deliveries', '--retry', '1', '--drop', '2', ...WHY, ...args], env),
      run(['deliveries', '--retry', '1', ...args], env),
      run(['deliveries', '--dead', ...args], clerk),
    ]);
    expect([both.code, unasked.code, forbidden.code]).toEqual([2, 2, 3]);
    expect(unasked.err).toMatch(/--yes changes without/);
    for (const [ids, asked] of [
      [['1'], '1 delivery is to be made once more.'],
      [['1', '2'], '2 deliveries are to be made once more.'],
    ] as const) {
      const typed = ['deliveries', '--reason', 'ticket 4711', ...args, '--retry', ...ids];
      const { code, screen } = await runAtTerminal(typed, [['Try again?', 'n\n']], env);
      expect([code, screen]).toEqual([1, expect.stringContaining(asked)]);
    }
  });

  it('an account is forgotten once its name is typed', async () => {
    const recorded = async () => JSON.stringify(await house.engine.options.store.list({ limit: 100 }));
    for (const { args, env, who } of ways) {
      const name = `forgotten-${who.length}`;
      const erase = (typed: string) =>
        runAtTerminal(
          ['erase', name, '--reason', 'asked', ...who, ...args],
          [[`Type "${name}": `, `${typed}\n`]],
          env,
        );
      await house.fail(name, 3);
      if (who.length === 0) expect((await erase('no')).code).toBe(1);
      expect(await house.isRefused(name)).toBe(true);
      expect(await recorded()).toContain(name);
      const { code, screen } = await erase(name);
      expect([code, screen]).toEqual([0, expect.stringContaining(`Erased ${name}, out of `)]);
      expect(await house.isRefused(name)).toBe(false);
      expect(await recorded()).not.toContain(name);
    }
    const { args, env } = house.api;
    const gone = await run(['erase', 'forgotten-0', ...WHY, ...args], env);
    expect([gone.code, gone.out]).toEqual([1, expect.stringContaining('nothing is kept of it')]);
  });
});
