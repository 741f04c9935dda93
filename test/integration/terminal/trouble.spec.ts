import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseServers, describeEach } from '../../support/databases.js';
import { redisServers } from '../../support/redis-store.js';
import { connect } from '../../support/typeorm-store.js';
import { type House, openHouse, type Premises, premises, SECRET, urlOf } from './house.js';
import { answered, run, runProcess } from './program.js';

const [sqlite] = premises as readonly [Premises, ...Premises[]];
const OTHER = 'another secret, which is long enough to be one, but not the one';

/** A server that is not ours. */
async function serving(answer: RequestListener): Promise<{ url: string; server: Server; close: () => void }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, server, close };
}

describe('what the terminal is told', () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse(sqlite);
    await house.fail('alice', 3);
  });
  afterAll(() => house.close());

  describe('before anything is asked', () => {
    it.each([
      [[], /^Where\? --url/],
      [['--url', 'http://a/lockout', '--database', 'sqlite:x'], /^Not both: --url/],
      [['--url', 'ftp://a'], /write https:\/\/host\/lockout/],
      [['--url', 'https://me:pw@host/lockout'], /holds a password/],
      [['--url', 'http://a/lockout', '--header', 'no colon'], /^--header: write it as 'Name: value'/],
      [['--url', 'http://a/lockout', '--secrets-file', 'x'], /^--secrets-file is for --database/],
      [['--url', 'http://a/lockout', '--timeout', '0'], /^--timeout 0: must be a number of seconds/],
      [['--database', 'oracle://host/x'], /^--database: write mysql:\/\//],
      [['--database', 'mysql://host'], /^--database names no database/],
      [
        ['--database', 'mysql://host/x?ssl=true'],
        /^--database: ssl has no effect\. After the "\?" there can be/,
      ],
      [['--database', 'mysql://host/x?ssl-mode=PREFERRED'], /^--database: ssl-mode is DISABLED, REQUIRED/],
      [['--database', 'mysql://host/x?ssl-ca=/no/such.pem'], /^--database: ssl-ca cannot be read: ENOENT/],
      [
        ['--database', 'mariadb://127.0.0.1/x?ssl-mode=verify_identity'],
        /^--database: ssl-mode=VERIFY_IDENTITY needs the host's name/,
      ],
      [['--database', 'mysql://[::1]/x'], /^--database: write the host's name, not its IPv6 address/],
      [['--database', 'mysql://host/x?ssl-mode=VERIFY_CA'], /compares no name, so it needs the one CA/],
      [['--database', 'mysql://host/x?ssl-ca=/dev/null'], /^--database: ssl-ca is no PEM file: \/dev\/null/],
      [
        ['--database', 'mysql://host/x?ssl-mode=DISABLED&ssl-ca=/dev/null'],
        /^--database: ssl-ca has no effect with ssl-mode=DISABLED/m,
      ],
      [
        ['--database', 'mysql://host/x?ssl-mode=REQUIRED&ssl-ca=/dev/null'],
        /^--database: ssl-ca has no effect with ssl-mode=REQUIRED/m,
      ],
      [['--database', 'mysql://host/x?ssl-cert=/dev/null'], /ssl-cert and ssl-key are of no use without/],
      [
        ['--database', 'mysql://host/x?ssl-mode=REQUIRED&ssl-mode=DISABLED'],
        /^--database: ssl-mode is there more than once/,
      ],
      [['--database', 'mysql://host/x#?ssl-mode=REQUIRED'], /nobody reads what follows a "#"/],
      [
        ['--database', 'postgres://host/x?ssl-mode=VERIFY_IDENTITY&ssl-ca=/no/such.pem'],
        /^--database: ssl-mode, ssl-ca has no effect there: write sslmode=verify-full/,
      ],
      [['--database', 'redis://host?sslmode=verify-full'], /sslmode has no effect there: write rediss:/],
      [['--database', 'sqlite:/no/such/file'], /there is no such file: \/no\/such\/file/],
      [['--database', 'redis://host', '--header', 'a: b'], /--header is for --url/],
      [['--nonsense'], /unknown option '--nonsense'/],
      [['accounts'], /too many arguments/],
    ])('is what is wrong with %j', async (args, problem) => {
      const name = args[0] === 'accounts' ? ['a', 'b'] : ['alice'];
      const { code, out, err } = await run(['status', ...name, ...args.filter((arg) => arg !== 'accounts')]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(problem);
      expect(err).toMatch(/See nestjs-lockout status --help\n$/);
    });

    it('is not the password, where a "?" in it cuts the address', async () => {
      const { code, err } = await run(['status', 'alice', '--database', 'mysql://root:1234?s3cret=1@host/x']);
      expect(code).toBe(2);
      expect(err).toMatch(/^--database: what stands there has no effect/m);
      expect(err).not.toMatch('s3cret');
    });

    it('is everything that is wrong, at once', async () => {
      const { err } = await run([
        'list',
        '--database',
        'mysql://host',
        '--preset',
        'nist',
        '--header',
        'x: y',
      ]);
      expect(err.split('\n').slice(0, -2)).toHaveLength(3);
      expect(err).toMatch(/See nestjs-lockout list --help\n$/);
    });

    it('names the command that was meant', async () => {
      expect((await run(['simulate'])).err).toMatch(/See nestjs-lockout simulate --help\n$/);
      expect((await run(['unlock', '--url', 'http://a'])).err).toMatch(/See nestjs-lockout unlock --help\n$/);
    });

    it('never quotes a secret', async () => {
      const { code, err } = await run(['list', ...house.store.args.slice(0, 2)], {
        LOCKOUT_SECRETS: 'hunter2',
      });
      expect(code).toBe(2);
      expect(err).toMatch(/at least 32/);
      expect(err).not.toMatch(/hunter2/);
    });
  });

  it('has exit codes and where to look in the help of every command', async () => {
    for (const command of ['status', 'list', 'unlock', 'lock', 'events', 'policies']) {
      const { code, out } = await run([command, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(/Exit codes:\n {2}0 {2}.+\n(?:.*\n)* {2}5 {2}/);
      expect(out).toMatch(/LOCKOUT_DATABASE/);
    }
  });

  describe('of the secrets', () => {
    it('is that they do not fit, and nothing is left behind by asking', async () => {
      const before = await answered(['list', ...house.store.args], house.store.env);
      const { code, out, err } = await run(['status', 'alice', ...house.store.args], {
        LOCKOUT_SECRETS: OTHER,
      });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^These secrets do not fit this database/);
      expect(err).not.toContain(OTHER);
      expect(await answered(['list', ...house.store.args], house.store.env)).toEqual(before);
    });

    it('is nothing where one of several fits, in a file, as bytes, or in any order', async () => {
      const file = join(house.folder, 'secrets');
      writeFileSync(file, `${OTHER}\nhex:${Buffer.from(SECRET).toString('hex')}\n`);
      const { code, answer } = await answered([
        'status',
        'alice',
        '--secrets-file',
        file,
        ...house.store.args,
      ]);
      expect(code).toBe(0);
      expect(answer).toEqual({
        ...((await answered(['status', 'alice', ...house.store.args], house.store.env)).answer as object),
        now: expect.any(String),
      });
    });

    it('is that a lock is set under the one that every process knows', async () => {
      const { code } = await run(
        ['lock', 'rotated', '--until', '1h', '--yes', '--by', 'ada', '--reason', 'r', ...house.store.args],
        { LOCKOUT_SECRETS: `${OTHER}\n${SECRET}` },
      );
      expect(code).toBe(0);
      expect(await house.isRefused('rotated')).toBe(true);
    });
  });

  describe('of a server', () => {
    it('is that nobody is there', async () => {
      const { url, close } = await serving(() => undefined);
      close();
      const { code, out, err } = await runProcess(['status', 'alice', '--url', `${url}/lockout`]);
      expect({ code, out }).toEqual({ code: 4, out: '' });
      expect(err).toMatch(/^http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    });

    it('is that it does not answer, and of a change that nobody knows', async () => {
      const { url, close } = await serving(() => undefined);
      try {
        const args = ['--url', url, '--timeout', '0.3'];
        const looked = await runProcess(['status', 'alice', ...args]);
        expect(looked).toMatchObject({
          code: 4,
          err: expect.stringMatching(/did not answer within 0\.3 s\.\n$/),
        });
        const changed = await runProcess(['unlock', 'alice', '--yes', '--reason', 'r', ...args]);
        expect(changed.code).toBe(4);
        expect(changed.err).toMatch(/Whether it was done is not known/);
      } finally {
        close();
      }
    });

    it('is its problem, also as JSON', async () => {
      const body = {
        type: 'urn:nestjs-lockout:unavailable',
        title: 'Service Unavailable',
        status: 503,
        detail: 'away',
      };
      const { url, close } = await serving((_, response) => {
        response.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
      });
      try {
        expect(await run(['list', '--url', url])).toEqual({ code: 4, out: '', err: 'away\n' });
        expect(await answered(['list', '--url', url])).toEqual({ code: 4, answer: body });
      } finally {
        close();
      }
    });

    it.each([
      ['a page', 200, 'text/html', '<h1>hello</h1>', 5, /but not as the lockout API does: <h1>hello/],
      ['no such page', 404, 'text/html', 'gone', 5, /answered 404: gone\n.*mounted/],
      ['another JSON', 200, 'application/json', '{"ok":true}', 5, /This is not what the lockout API answers/],
      ['half a JSON', 200, 'application/json', '{"items":[', 5, /not as the lockout API does/],
      [
        'a fault',
        500,
        'application/json',
        '{"statusCode":500,"message":"Internal server error"}',
        5,
        /Internal server error/,
      ],
      ['a gateway', 502, 'text/plain', 'bad gateway', 4, /answered 502: bad gateway/],
    ])('is that it answers %s', async (_, status, type, text, exit, said) => {
      const { url, close } = await serving((_request, response) => {
        response.writeHead(status, { 'content-type': type }).end(text);
      });
      try {
        const { code, err } = await run(['list', '--url', `${url}/lockout`]);
        expect(code).toBe(exit);
        expect(err).toMatch(said);
      } finally {
        close();
      }
    });

    it('is where it sends the caller, and the headers stay here', async () => {
      const seen: (string | undefined)[] = [];
      const other = await serving((request, response) => {
        seen.push(request.headers['cookie']);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[],"nextCursor":null}');
      });
      const { url, close } = await serving((_, response) => {
        response.writeHead(302, { location: `${other.url}/sign-in` }).end();
      });
      try {
        const { code, err } = await run(['list', '--url', url], { LOCKOUT_HEADER: 'Cookie: sid=1' });
        expect(code).toBe(3);
        expect(err).toMatch(new RegExp(`sends the caller to ${other.url}/sign-in`));
        expect(seen).toEqual([]);
      } finally {
        close();
        other.close();
      }
    });

    it('is followed within its origin', async () => {
      const { url, close } = await serving((request, response) => {
        if (request.url?.startsWith('/old')) response.writeHead(308, { location: '/lockout/accounts' }).end();
        else
          response
            .writeHead(200, { 'content-type': 'application/json' })
            .end('{"items":[],"nextCursor":null}');
      });
      try {
        expect(await run(['list', '--url', `${url}/old`])).toMatchObject({
          code: 0,
          out: 'No account is locked.\n',
        });
      } finally {
        close();
      }
    });
  });

  describe('of a name', () => {
    const hostile = '\u001b[2J\u202egnp.exe\u009b31m';

    it('does nothing to the terminal, in a table or in JSON', async () => {
      const item = {
        id: hostile,
        realm: hostile,
        account: hostile,
        locks: [
          {
            ...{ id: 'x', policy: hostile, scope: hostile, address: hostile, failures: hostile },
            ...{ since: hostile, until: hostile, cause: hostile, lastFailureAt: null },
          },
        ],
        unlockable: false,
        reasons: [hostile],
      };
      const { url, close } = await serving((_, response) => {
        const body = JSON.stringify({ items: [item], nextCursor: null });
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      });
      try {
        const table = await run(['list', '--url', url]);
        expect(table.code).toBe(0);
        const json = await run(['list', '--url', url, '--json']);
        // Line breaks are ours; everything else that is invisible is spelled out.
        const invisible = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;
        expect(table.out).not.toMatch(invisible);
        expect(table.out).toContain('\\u{1b}[2J\\u{202e}gnp.exe\\u{9b}31m');
        expect(json.out).not.toMatch(invisible);
        expect(JSON.parse(json.out)).toEqual({ items: [item], nextCursor: null });
      } finally {
        close();
      }
    });

    it('may be anything that an account can be called', async () => {
      for (const name of [
        'a/b',
        'a b?c=d#e',
        '%2e%2e',
        'Zoë 🙂',
        '-dash',
        'moc.\u202eelpmaxe',
        '\u{e0041}',
      ]) {
        await house.fail(name, 3);
        for (const { args, env } of [house.api, house.store]) {
          const { code, answer } = await answered([...['status', ...args, '--json'], '--', name], env);
          expect({ code, answer }).toMatchObject({ code: 0, answer: { account: name, locked: true } });
        }
      }
      const { out } = await run(['list', ...house.api.args], house.api.env);
      expect(out).toContain('moc.\\u{202e}elpmaxe');
      expect(out).not.toMatch(/[^\P{C}\n]/u);
    });
  });
});

describeEach(databaseServers, 'a database of $name that is not ready', (server) => {
  it('is told when it has no tables, and none is made', async () => {
    const database = await server.create();
    // A file appears only when it is opened.
    await (await connect(database.options)).destroy();
    try {
      const args = ['list', '--database', urlOf(database.options)];
      for (let time = 0; time < 2; time += 1) {
        const { code, out, err } = await run(args, { LOCKOUT_SECRETS: SECRET });
        expect({ code, out }).toEqual({ code: 5, out: '' });
        expect(err).toMatch(/^The database lacks what the lockout store needs:\n.*lockout_record/);
      }
    } finally {
      await database.drop();
    }
  });
});

describeEach(
  premises.filter(({ name }) => name !== 'SQLite'),
  '$name that cannot be opened',
  ({ create }) => {
    it('is told, without the password', async () => {
      const { database, close } = await create();
      try {
        const [option = '', where = '', ...rest] = database;
        const wrong = new URL(where);
        wrong.username = 'nobody';
        wrong.password = 'hunter2';
        const refused = await runProcess(['list', option, wrong.href, ...rest, '--timeout', '2'], {
          LOCKOUT_SECRETS: SECRET,
        });
        expect(refused.code).toBe(4);
        expect(refused.err).not.toMatch(/hunter2/);
        const gone = new URL(where);
        gone.port = '1';
        const away = await runProcess(['list', option, gone.href, ...rest, '--timeout', '2'], {
          LOCKOUT_SECRETS: SECRET,
        });
        expect(away.code).toBe(4);
        expect(away.err).toMatch(/ECONNREFUSED|cannot be opened/);
      } finally {
        await close();
      }
    });
  },
);

describeEach(redisServers, 'a $name where no application has begun', ({ url }) => {
  it('is told, and nothing is written there', async () => {
    const prefix = `nowhere-${process.pid}-${Date.now()}:`;
    for (let time = 0; time < 2; time += 1) {
      const { code, err } = await run(['list', '--database', url, '--prefix', prefix], {
        LOCKOUT_SECRETS: SECRET,
      });
      expect(code).toBe(5);
      expect(err).toMatch(/^No lockout store has begun in this Redis/);
    }
  });
});
