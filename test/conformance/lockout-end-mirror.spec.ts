// R5-13, the decision: `lockout_end_date` lives on the application's own entity too, written by a hook.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type INestApplication, Injectable, type OnModuleInit } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  getRepositoryToken,
  InjectRepository,
  TypeOrmModule,
  type TypeOrmModuleOptions,
} from '@nestjs/typeorm';
import { LockoutEngine, LockoutModule, LockoutNotifier, lockoutEndMirror } from 'nestjs-lockout';
import { hours, minutes, reachFive } from 'nestjs-lockout/policy';
import { LockoutTypeormModule, lockoutEntities, TypeormLockoutStore } from 'nestjs-lockout/typeorm';
import { Column, Entity, PrimaryColumn, Repository } from 'typeorm';
import { databaseServers, describeEach, type TestDatabase } from '../support/databases.js';
import { SECRET } from '../support/login-app.js';

@Entity('profile')
class Profile {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string;

  @Column('varchar', { length: 30, nullable: true })
  lockoutEndDate!: string | null;
}

@Injectable()
class LockoutEnds implements OnModuleInit {
  constructor(
    private readonly engine: LockoutEngine,
    private readonly notifier: LockoutNotifier,
    @InjectRepository(Profile) private readonly profiles: Repository<Profile>,
  ) {}

  onModuleInit(): void {
    this.notifier.add(
      lockoutEndMirror(this.engine, {
        write: async ({ account }, end) => {
          const lockoutEndDate = typeof end === 'number' ? new Date(end).toISOString() : end;
          await this.profiles.update({ id: account }, { lockoutEndDate });
        },
      }),
    );
  }
}

const BY_ADMIN = { by: 'ann', reason: 'called the help desk' };

describeEach([...databaseServers], 'lockout_end_date on the profile, $name', (server) => {
  let database: TestDatabase;
  let app: INestApplication;
  let engine: LockoutEngine;
  let profiles: Repository<Profile>;
  let now = Date.parse('2023-02-21T12:10:09.536Z');

  const iso = (time: number): string => new Date(time).toISOString();
  const guess = (account: string) => engine.protect({ account, method: 'password' }, () => false);
  const lock = async (account: string): Promise<void> => {
    for (let n = 0; n < 4; n += 1) expect((await guess(account)).outcome).toBe('failure');
  };
  /** What the application reads from its own table, once all is delivered. */
  const endDate = async (account: string): Promise<string | null> => {
    await app.get(LockoutNotifier).runOnce();
    return (await profiles.findOneByOrFail({ id: account })).lockoutEndDate;
  };

  beforeAll(async () => {
    database = await server.create();
    const options = {
      ...database.options,
      entities: [Profile, ...lockoutEntities(database.options.type)],
      synchronize: true,
      retryAttempts: 0,
    } as TypeOrmModuleOptions;
    const testing = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot(options),
        TypeOrmModule.forFeature([Profile]),
        LockoutModule.forRootAsync({
          imports: [LockoutTypeormModule.forRoot({ clock: () => now, statementTimeoutMs: 10_000 })],
          inject: [TypeormLockoutStore],
          useFactory: (store: TypeormLockoutStore) => ({
            store,
            secrets: [SECRET],
            policies: reachFive({ allowedFailures: 3 }),
            labels: true,
            sweepIntervalMs: 0,
            delivery: { dispatch: false },
          }),
        }),
      ],
      providers: [LockoutEnds],
    }).compile();
    testing.useLogger(false);
    app = await testing.createNestApplication().init();
    engine = app.get(LockoutEngine);
    profiles = app.get<Repository<Profile>>(getRepositoryToken(Profile));
    await profiles.save(['elisabeth', 'marion', 'thomas'].map((id) => ({ id, lockoutEndDate: null })));
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  test('R5-13 is empty, in the future, then past, and the same as by query', async () => {
    for (let n = 0; n < 3; n += 1) await guess('elisabeth');
    expect(await endDate('elisabeth')).toBeNull();
    await guess('elisabeth');
    expect(await endDate('elisabeth')).toBe('2023-02-21T12:15:09.536Z');
    now += minutes(5);
    await guess('elisabeth');
    expect(await endDate('elisabeth')).toBe('2023-02-21T12:25:09.536Z');
    now += hours(1);
    await engine.sweeper.sweep();
    expect(await endDate('elisabeth')).toBe('2023-02-21T12:25:09.536Z');
    expect(await engine.accounts.lockoutEnd({ account: 'elisabeth' })).toBe(
      Date.parse('2023-02-21T12:25:09.536Z'),
    );
  });

  test('R5-13 after an unlock, a link, or a completed reset it is that moment; until unlocked it says so', async () => {
    const ways: readonly (() => Promise<unknown>)[] = [
      () => engine.unlock({ account: 'marion' }, BY_ADMIN),
      () => engine.passwordReset({ account: 'marion' }),
      async () => {
        const [locked] = (await engine.options.store.list({ type: 'locked', limit: 1 })).items;
        if (!locked) throw new Error('nothing was locked');
        const { key, event, facts } = locked;
        const token = await engine.unlockLinks.issue({ ...facts, key, since: event.at });
        expect(await engine.unlockLinks.redeem(token)).toMatchObject({ unlocked: true });
      },
    ];
    for (const way of ways) {
      await lock('marion');
      expect(await endDate('marion')).toBe(iso(now + minutes(5)));
      now += minutes(1);
      await way();
      expect(await endDate('marion')).toBe(iso(now));
      now += minutes(1);
    }
    await engine.lock({ account: 'marion' }, null, BY_ADMIN);
    expect(await endDate('marion')).toBe('indefinite');
  });

  test('R5-13 what was delivered late writes what stands now, and an account that is gone is no trouble', async () => {
    await lock('thomas');
    await lock('nobody');
    now += minutes(1);
    await engine.unlock({ account: 'thomas' }, BY_ADMIN);
    const unlockedAt = now;
    now += minutes(30);
    expect(await endDate('thomas')).toBe(iso(unlockedAt));
    const waiting = await engine.outbox?.outboxState();
    expect(waiting?.filter(({ sink }) => sink === 'lockout-end')).toEqual([]);
  });
});
