// The store is a real server; what dies is the network between it and the application.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  HttpCode,
  type INestApplication,
  Module,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Lockout, LockoutEngine, LockoutModule } from 'nestjs-lockout';
import { definePolicies, minutes } from 'nestjs-lockout/policy';
import { lockoutEntities, migrateLockout, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import request from 'supertest';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { SeverableLink } from '../support/severable-link.js';

const verified: string[] = [];

@Controller()
class LoginController {
  @Post('login')
  @HttpCode(200)
  @Lockout({
    method: 'password',
    account: (input: { body: { username: string } }) => `id-${input.body.username}`,
  })
  login(@Body() body: { username: string; password: string }) {
    verified.push(body.username);
    if (body.password !== 'right') throw new UnauthorizedException();
    return { ok: true };
  }
}

describeEach(serversOf('MariaDB', 'MySQL', 'PostgreSQL'), 'P9 with $name gone', (server) => {
  let database: TestDatabase;
  let link: SeverableLink;
  let dataSource: DataSource;
  let store: TypeormLockoutStore;
  let app: INestApplication;

  beforeAll(async () => {
    database = await server.create();
    const shared = database.options as DataSourceOptions & { url: string };
    const target = new URL(shared.url);
    link = await SeverableLink.to(target.hostname, Number(target.port));
    target.port = String(link.port);
    dataSource = new DataSource({
      ...shared,
      url: target.href,
      entities: lockoutEntities(shared.type),
    } as DataSourceOptions);
    await dataSource.initialize();
    await migrateLockout(dataSource);
    store = new TypeormLockoutStore(dataSource);
    await store.init();
    const policies = definePolicies([
      { name: 'account', threshold: 5, schedule: { kind: 'fixed', durationMs: minutes(5) } },
    ]);
    @Module({
      imports: [
        LockoutModule.forRoot({
          store,
          policies,
          secrets: ['a secret of the test suite, long enough'],
          sweepIntervalMs: 0,
        }),
      ],
      controllers: [LoginController],
    })
    class AppModule {}
    const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
  });

  afterAll(async () => {
    link.mend();
    await app.close();
    await store.close();
    await dataSource.destroy();
    await link.close();
    await database.drop();
  });

  const login = (username: string, password: string) =>
    request(app.getHttpServer()).post('/login').send({ username, password });

  it('answers 503 with Retry-After, does not verify, and recovers by itself', async () => {
    await login('alice', 'wrong').expect(401);
    link.sever();
    verified.length = 0;
    const refused = await login('alice', 'right').expect(503);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(verified).toEqual([]);
    link.mend();
    await login('alice', 'right').expect(200);
  });

  it('P5 counts nothing against the person for the time it was gone', async () => {
    await login('bob', 'wrong').expect(401);
    link.sever();
    for (let n = 0; n < 10; n += 1) await login('bob', 'wrong').expect(503);
    link.mend();
    const engine = app.get(LockoutEngine);
    while (engine.totals.unwrittenSettles > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const [counter] = (await engine.status({ account: 'id-bob' })).counters;
    expect(counter).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('R32 keeps the answer of a right credential when only the settle cannot be written', async () => {
    const engine = app.get(LockoutEngine);
    const begun = await engine.begin({ account: 'id-carol', method: 'password' });
    if (!begun.allowed) throw new Error('refused');
    link.sever();
    expect(await begun.attempt.succeed()).toMatchObject({ refusal: null });
    link.mend();
    while (engine.totals.unwrittenSettles > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const [counter] = (await engine.status({ account: 'id-carol' })).counters;
    expect(counter).toMatchObject({ failures: 0, inFlight: 0 });
  });
});
