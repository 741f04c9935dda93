import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  HttpException,
  type INestApplication,
  Inject,
  Injectable,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { LockoutEngine, LockoutModule } from 'nestjs-lockout';
import { LockoutAdminModule } from 'nestjs-lockout/admin';
import { describeEach } from '../../support/databases.js';
import { POLICIES, premises, SECRET } from './house.js';
import { run } from './program.js';

/** Who is signed in, by the token of the session. */
const sessions = new Map<string, string>();

@Controller()
class SignInController {
  constructor(@Inject(LockoutEngine) private readonly engine: LockoutEngine) {}

  @Post('sign-in')
  @HttpCode(200)
  async signIn(@Body() { name, password }: { name: string; password: string }): Promise<{ token: string }> {
    const attempt = { account: name, method: 'password' };
    const { outcome } = await this.engine.protect(attempt, () => password === 'right');
    if (outcome === 'refused') throw new HttpException('too many attempts', 429);
    if (outcome === 'failure') throw new UnauthorizedException();
    const token = randomBytes(12).toString('hex');
    sessions.set(token, name);
    return { token };
  }
}

interface Asked {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const nameIn = ({ headers }: Asked): string | undefined =>
  sessions.get(headers['authorization']?.replace(/^Bearer /, '') ?? '');

@Injectable()
class RootOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const name = nameIn(context.switchToHttp().getRequest<Asked>());
    if (name === undefined) throw new UnauthorizedException('sign in first');
    return name === 'root';
  }
}

describeEach(premises, 'the only administrator, locked out of an application on $name', ({ create }) => {
  let app: INestApplication;
  let origin = '';
  let database: readonly string[] = [];
  let close: () => Promise<void>;

  beforeAll(async () => {
    const made = await create();
    ({ database, close } = made);
    const testing = await Test.createTestingModule({
      imports: [
        LockoutModule.forRoot({ store: made.store, secrets: [SECRET], policies: POLICIES, labels: true }),
        LockoutAdminModule.forRoot<Asked>({ guards: [RootOnly], actor: (request) => nameIn(request) ?? '' }),
      ],
      controllers: [SignInController],
      providers: [RootOnly],
    }).compile();
    testing.useLogger(false);
    app = testing.createNestApplication(new ExpressAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    origin = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await close();
  });

  const signIn = (password: string): Promise<Response> =>
    fetch(`${origin}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'root', password }),
    });

  it('is let in from the command line, and finds who did it and why', async () => {
    for (const status of [401, 401, 401, 429]) expect((await signIn('wrong')).status).toBe(status);
    expect((await signIn('right')).status).toBe(429);
    const env = { LOCKOUT_SECRETS: SECRET };
    const who = ['--by', 'Ada, on call', '--reason', 'root is locked out'];
    const unlocked = await run(['unlock', 'root', '--yes', ...who, ...database], env);
    expect(unlocked).toMatchObject({ code: 0, out: 'Unlocked root.\n' });
    // Every process sees it within a second.
    const deadline = Date.now() + 5_000;
    let answer = await signIn('right');
    while (answer.status === 429 && Date.now() < deadline) answer = await signIn('right');
    expect(answer.status).toBe(200);
    const { token } = (await answer.json()) as { readonly token: string };
    const events = await run(['events', 'root', '--url', `${origin}/lockout`], {
      LOCKOUT_HEADER: `Authorization: Bearer ${token}`,
    });
    expect(events.code).toBe(0);
    expect(events.out).toMatch(/│ unlocked │ .*by Ada, on call: root is locked out/);
  });
});
