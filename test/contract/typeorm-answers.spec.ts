import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { answerStoreContract } from 'nestjs-lockout/testing';
import { monthByMonth, openPair } from '../support/client-pair.js';
import { type DatabaseServer, describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { lockWaits } from '../support/lock-waits.js';
import { describeVariants, type StoreVariant } from '../support/store-variants.js';
import { migratedDatabase, openBeside, openStore, rowsIn } from '../support/typeorm-store.js';

const ALL = ['SQLite', 'MariaDB', 'MySQL', 'PostgreSQL'] as const;

const VARIANTS: readonly StoreVariant[] = [
  { name: 'as it comes', of: ALL },
  { name: 'FOUND_ROWS unset', of: ['MariaDB', 'MySQL'], dataSource: { flags: ['-FOUND_ROWS'] } },
  { name: 'numbers as text', of: ['MariaDB', 'MySQL'], dataSource: { bigNumberStrings: true } },
  { name: 'statements not named', of: ['PostgreSQL'], store: { preparedStatements: false } },
  { name: 'a table prefix', of: ALL, dataSource: { entityPrefix: 'auth_' } },
];

describeVariants(VARIANTS, (server, variant, name) => {
  let database: TestDatabase;

  /** Two clients, as two processes would have; with a clock of the test's own where it has to be moved. */
  const open = (clock?: () => number) => {
    const options = { ...variant.store, ...(clock && { clock }) };
    return openPair(() => openStore(database.options, options, variant.dataSource));
  };

  beforeAll(async () => {
    database = await migratedDatabase(server, variant.dataSource);
  });

  afterAll(() => database.drop());

  if (variant === VARIANTS[0]) answerStoreContract({ describe, it }, name, () => open());
  answerStoreContract({ describe, it }, `${name}, by another clock`, monthByMonth(open), { callers: 4 });
});

const LIVES = { claimMs: 60_000, keepMs: 86_400_000 };

const request = () => ({
  id: randomBytes(32).toString('hex'),
  request: randomBytes(32).toString('hex'),
  token: randomBytes(16).toString('hex'),
});

// P12: what nobody asks for any more does not stay.
describeEach(serversOf(...ALL), 'old answers on $name', (server) => {
  it('go with the claims of others, a few with each, by the index; those that live stay', async () => {
    let now = 1_900_000_000_000;
    const { store, direct, close } = await openBeside(server, { clock: () => now });
    const rows = (): Promise<number> => rowsIn(direct, 'lockout_answer');
    const claims = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) await store.claimAnswer(request(), LIVES);
    };
    await claims(150);
    now += LIVES.keepMs - 1;
    await claims(1);
    expect(await rows()).toBe(151);
    now += 1;
    await claims(1);
    expect(await rows()).toBe(152 - 64);
    await claims(2);
    expect(await rows()).toBe(4);
    await close();
  });

  it('that cannot go now are no reason to refuse a claim', async () => {
    let now = 1_900_000_000_000;
    const { store, direct, close } = await openBeside(server, {
      statementTimeoutMs: 300,
      clock: () => now,
    });
    const old = request();
    await store.claimAnswer(old, LIVES);
    now += LIVES.keepMs;
    // The database refuses the delete, and nothing else.
    await direct.query(REFUSALS_OF_DELETES[server.name]);
    expect(await store.claimAnswer(request(), LIVES)).toEqual({ state: 'claimed' });
    await close();
  });
});

const REFUSALS_OF_DELETES: Readonly<Record<DatabaseServer['name'], string>> = {
  SQLite: `CREATE TRIGGER keep BEFORE DELETE ON lockout_answer BEGIN SELECT RAISE(ABORT, 'kept'); END`,
  MariaDB: `CREATE TRIGGER keep BEFORE DELETE ON lockout_answer FOR EACH ROW SIGNAL SQLSTATE '45000'`,
  MySQL: `CREATE TRIGGER keep BEFORE DELETE ON lockout_answer FOR EACH ROW SIGNAL SQLSTATE '45000'`,
  PostgreSQL: `CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$;
    CREATE TRIGGER keep BEFORE DELETE ON lockout_answer FOR EACH ROW EXECUTE FUNCTION keep()`,
};

// Who reads that nobody answered, and writes later, may write over an answer.
describeEach(serversOf('MariaDB', 'MySQL', 'PostgreSQL'), 'a slow owner on $name', (server) => {
  it('who answers at the moment in which it is taken over, has answered', async () => {
    let now = 1_900_000_000_000;
    const { store, direct, close } = await openBeside(server, { clock: () => now });
    const first = request();
    await store.claimAnswer(first, LIVES);
    now += LIVES.claimMs;

    const owner = direct.createQueryRunner();
    await owner.startTransaction();
    const quote = (name: string): string => direct.driver.escape(name);
    const body = server.name === 'PostgreSQL' ? `'\\x6f6e6365'::bytea` : `X'6f6e6365'`;
    await owner.query(`UPDATE lockout_answer SET ${quote('status')} = 200, ${quote('body')} = ${body}`);
    const claiming = store.claimAnswer({ ...first, token: request().token }, LIVES);
    await lockWaits(server, direct);
    await owner.commitTransaction();
    expect(await claiming).toEqual({ state: 'answered', status: 200, body: 'once' });
    await owner.release();
    await close();
  });
});

describeEach(serversOf('SQLite'), 'a slow owner on $name', (server) => {
  it('who answers between the look and the takeover, has answered', async () => {
    const database = await server.create();
    let now = 1_900_000_000_000;
    let looks = 0;
    const first = request();
    // The time is asked for before each step: at the second one it was seen that nobody answered.
    const clock = (): number => {
      looks += 1;
      if (looks === 2) owner.exec(`UPDATE lockout_answer SET status = 200, body = X'6f6e6365'`);
      return now;
    };
    const { store, close } = await openStore(database.options, { clock }, { synchronize: true });
    const owner = new Database(String(database.options.database));
    await store.claimAnswer(first, LIVES);
    now += LIVES.claimMs;
    looks = 0;
    const second = { ...first, token: request().token };
    expect(await store.claimAnswer(second, LIVES)).toEqual({ state: 'answered', status: 200, body: 'once' });
    expect(looks).toBe(2);
    owner.close();
    await close();
    await database.drop();
  });
});

describeEach(serversOf(...ALL), 'a damaged answer on $name', (server) => {
  it('is told as data, and nobody is let do the same twice', async () => {
    const { store, direct, close } = await openBeside(server);
    const first = request();
    await store.claimAnswer(first, LIVES);
    await store.keepAnswer(first.id, first.token, { status: 200, body: 'once' });
    await direct.query('UPDATE lockout_answer SET status = 7');
    await expect(store.claimAnswer(request(), LIVES)).resolves.toEqual({ state: 'claimed' });
    const repeated = { ...first, token: request().token };
    await expect(store.claimAnswer(repeated, LIVES)).rejects.toMatchObject({ fault: 'data' });
    await direct.query('UPDATE lockout_answer SET status = 200, body = NULL');
    await expect(store.claimAnswer(repeated, LIVES)).rejects.toMatchObject({ fault: 'data' });
    await close();
  });
});
