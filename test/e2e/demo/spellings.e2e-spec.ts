import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Users } from '../../../apps/demo/src/users/users.js';
import { databaseServers, type TestDatabase } from '../../support/databases.js';
import { AdminConsole } from './admin-console.js';
import { databaseUrl } from './database-url.js';
import { DemoServer, PASSWORD } from './demo-server.js';

const CASE_AND_WIDTH = [
  'alice',
  'Alice',
  'ALICE',
  'aLiCe',
  ' alice',
  'alice ',
  'ａｌｉｃｅ',
  'ＡＬＩＣＥ',
  'ⓐlice',
  '𝐚𝐥𝐢𝐜𝐞',
  'alicᵉ',
];
const ACCENTS = [
  'álice',
  'àlice',
  'âlice',
  'älice',
  'ãlice',
  'ālice',
  'ålice',
  'ÁLICE',
  'alicé',
  'alicè',
  'alíce',
  'a\u0301lice',
  'alic\u0065\u0301',
];
const INVISIBLE = [
  'al\u200bice',
  'al\u200dice',
  'alice\u200c',
  'al\u00adice',
  '\ufeffal\ufeffice',
  'al\u2060ice',
  'alice\ufe0f',
];
const SPELLINGS = [...CASE_AND_WIDTH, ...ACCENTS, ...INVISIBLE];

describe.each(databaseServers)(
  'spellings of one name on $name (R19, pitfalls 4 and 26)',
  ({ name: serverName }) => {
    const isMysql = ['MySQL', 'MariaDB'].includes(serverName);
    let database: TestDatabase;
    let server: DemoServer;

    beforeEach(async () => {
      const found = databaseServers.find(({ name }) => name === serverName);
      if (!found) throw new Error(`${serverName} is gone.`);
      database = await found.create();
      server = await DemoServer.start({ environment: databaseUrl(database) });
    });

    afterEach(async () => {
      await server.close();
      await database.drop();
    });

    const statusOf = async (spelling: string, password: string): Promise<number> =>
      (await server.visitor().login(spelling, password)).status;

    /** Those that the database's collation takes for alice: without R19 each would be another budget. */
    const takenForAlice = async (): Promise<readonly string[]> => {
      const users = server.app.get(Users, { strict: false });
      const taken = await Promise.all(
        SPELLINGS.map(
          async (spelling) => [spelling, await users.find({ realm: 'default', username: spelling })] as const,
        ),
      );
      return taken.filter(([, user]) => user?.username === 'alice').map(([spelling]) => spelling);
    };

    const expectOneBudget = async (): Promise<void> => {
      const taken = await takenForAlice();
      const outcomes = new Map<string, number>();
      for (const spelling of SPELLINGS) outcomes.set(spelling, await statusOf(spelling, 'wrong'));
      const verified = taken.filter((spelling) => outcomes.get(spelling) === 401);
      expect(verified).toEqual(taken.slice(0, 6));
      // The others were refused: by the lock, or as text that cannot be a name at all.
      for (const spelling of taken.slice(6)) expect([400, 429]).toContain(outcomes.get(spelling));
      for (const spelling of INVISIBLE) expect([400, 429]).toContain(outcomes.get(spelling));
      for (const spelling of SPELLINGS) expect(await statusOf(spelling, PASSWORD)).not.toBe(200);
      const admin = await AdminConsole.open(server);
      const { items } = (await admin.locked()).body;
      const ofAlice = items.filter(({ account }) => account === 'alice');
      expect(ofAlice).toHaveLength(1);
      expect(ofAlice[0]?.locks.map(({ failures }) => failures)).toEqual([6]);
    };

    test('at least thirty are tried, and each way that the database finds alice signs in', async () => {
      expect(new Set(SPELLINGS).size).toBeGreaterThanOrEqual(30);
      const taken = await takenForAlice();
      expect(taken).toEqual(expect.arrayContaining(CASE_AND_WIDTH));
      if (isMysql) expect(taken).toEqual(expect.arrayContaining(ACCENTS));
      for (const spelling of taken.filter((spelling) => !INVISIBLE.includes(spelling))) {
        expect(await statusOf(spelling, PASSWORD)).toBe(200);
      }
    });

    test('they share one budget under the default collation', expectOneBudget);

    if (isMysql) {
      test('they share one budget also under a collation that skips invisible characters', async () => {
        const dataSource = server.app.get<DataSource>(getDataSourceToken());
        await dataSource.query(
          'ALTER TABLE demo_user CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci',
        );
        expect(await takenForAlice()).toEqual(expect.arrayContaining(['al\u200bice', 'al\u200dice']));
        await expectOneBudget();
      });
    }
  },
);
