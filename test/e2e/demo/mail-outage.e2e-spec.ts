import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MailSink } from 'nestjs-lockout/mail';
import { MailServer } from '../mail/mail-server.js';
import { DemoServer, PASSWORD } from './demo-server.js';

const MINUTE = 60_000;
const POLICIES = JSON.stringify([
  {
    name: 'account',
    threshold: 13,
    schedule: { kind: 'fixed', durationMs: 5 * MINUTE },
    notify: { from: 1 },
  },
]);
/** Longer than a test may take: whoever waited for the mail server would never be answered. */
const NEVER = 'connectionTimeout=60000&greetingTimeout=60000&socketTimeout=60000';

/** Takes connections and never says a word. */
class SilentServer {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async on(port: number): Promise<SilentServer> {
    const server = createServer();
    const silent = new SilentServer(server);
    server.on('connection', (socket) => {
      silent.sockets.add(socket.on('error', () => {}));
      socket.once('close', () => silent.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return silent;
  }

  /** Connections on which somebody waits for its first word. */
  get waiting(): number {
    return this.sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('a mail server that is away for the whole attack', () => {
  let post: MailServer;
  let server: DemoServer | undefined;
  let silent: SilentServer | undefined;
  /** What everybody is told while the mail server is there. */
  let expected: readonly unknown[];
  const logged: string[] = [];

  const start = async (): Promise<DemoServer> => {
    const environment = { SMTP_URL: `${post.url}?${NEVER}`, LOCKOUT_POLICIES: POLICIES };
    server = await DemoServer.start({ environment });
    const write = (...words: unknown[]): void => {
      logged.push(words.map(String).join(' '));
    };
    server.app.useLogger({ log: write, warn: write, error: write });
    return server;
  };

  /**
   * Guesses at two accounts and at a name that nobody has; then owners come. Once something is answered it first does
   * `meanwhile`.
   */
  const attack = async (
    app: DemoServer,
    meanwhile = (_answers: number): Promise<void> => Promise.resolve(),
  ): Promise<readonly unknown[]> => {
    const told: unknown[] = [];
    const ask = async (path: string, body: object): Promise<void> => {
      const { status, body: answer, headers } = await app.visitor().post(path, body);
      told.push([status, answer, headers.get('retry-after')]);
      await meanwhile(told.length);
    };
    const guesses: readonly (readonly [string, number])[] = [
      ['alice', 13],
      ['bob', 4],
      ['nobody', 3],
    ];
    for (const [username, count] of guesses) {
      for (let n = 0; n < count; n += 1) await ask('/auth/login', { username, password: 'wrong' });
    }
    await ask('/auth/login', { username: 'alice', password: PASSWORD });
    await ask('/auth/login', { username: 'carol', password: PASSWORD });
    await ask('/auth/password/forgot', { username: 'alice' });
    await ask('/auth/otp/request', { username: 'nobody' });
    return told;
  };

  beforeAll(async () => {
    post = await MailServer.open();
    const app = await start();
    expected = await attack(app);
    await app.deliver();
    await app.close();
    server = undefined;
    expect(expected.map((told) => (told as readonly unknown[])[0])).toEqual([
      ...Array.from({ length: 20 }, () => 401),
      429,
      200,
      202,
      202,
    ]);
  });

  afterEach(async () => {
    await silent?.close();
    silent = undefined;
    await server?.close();
    server = undefined;
  });

  afterAll(() => post.stop());

  test.each([
    { how: 'refuses connections', silently: false },
    { how: 'takes connections and says nothing', silently: true },
  ])(
    'one that $how changes no answer; when it is back, the backlog goes out within the budget (pitfall 24)',
    async ({ silently }) => {
      await post.stop();
      post.take();
      if (silently) silent = await SilentServer.on(Number(new URL(post.url).port));
      const app = await start();
      // The second answer comes while the first mail is still on its way.
      let underWay = 0;
      const look = async (answers: number): Promise<void> => {
        while (answers === 1 && silent?.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 2));
        if (answers === 2) underWay = silent?.waiting ?? 0;
      };
      expect(await attack(app, look)).toEqual(expected);
      expect(underWay).toBe(silently ? 1 : 0);
      // Twelve failures and the lock, four failures, and three of whom nobody is told.
      expect(await app.waiting('mail')).toBeGreaterThanOrEqual(13 + 4);
      const sink = app.app.get(MailSink, { strict: false });
      expect(sink.totals).toEqual({ sent: 0, withheld: 0 });

      await silent?.close();
      silent = undefined;
      await post.start();
      await app.settle();
      app.advance(5 * MINUTE);
      await app.deliver();
      const recipients = post.take().flatMap(({ recipients }) => recipients);
      const mailsTo = (name: string) => recipients.filter((to) => to === `${name}@example.test`).length;
      expect(mailsTo('alice') + mailsTo('bob')).toBe(recipients.length);
      // What was under way when a connection broke may have been sent, for all that anybody knows: it counts.
      if (silently) expect(mailsTo('alice')).toBeLessThanOrEqual(10);
      else expect([mailsTo('alice'), mailsTo('bob')]).toEqual([10, 4]);
      expect(sink.totals).toEqual({ sent: recipients.length, withheld: 13 + 4 - recipients.length });
      expect(logged.join('\n')).toMatch(/mail server/);
      expect(logged.join('\n')).not.toMatch(/alice|bob|nobody@|example\.test/);
    },
  );
});
