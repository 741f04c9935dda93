// What the runbook asks a database at 3 a.m., asked of real ones.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LockoutEngine } from 'nestjs-lockout';
import { definePolicies, hours } from 'nestjs-lockout/policy';
import type { DataSource } from 'typeorm';
import { Document } from '../docs/document.js';
import { describeEach, serversOf } from '../support/databases.js';
import { openBeside } from '../support/typeorm-store.js';

/** Each block has the statement once for each dialect, under a comment that begins with its name. */
const blocks = new Document('docs/operations/runbook.md').blocks
  .filter(({ language }) => language === 'sql')
  .map(({ text }) => new Map(text.split(/^-- /m).slice(1).map(statementOf)));

function statementOf(part: string): [dialect: string, sql: string] {
  const [comment = '', ...lines] = part.split('\n');
  return [comment.split(';', 1)[0] ?? '', lines.join('\n').trim()];
}

const SCHEDULE = { kind: 'fixed', durationMs: hours(1) } as const;
const policies = definePolicies([
  { name: 'login', threshold: 2, schedule: SCHEDULE },
  { name: 'address', threshold: 3, scope: ['address'], schedule: SCHEDULE },
]);
const ada = { by: 'ada', reason: 'reported stolen' };

describe('the runbook', () => {
  it('has three questions for a database, each for either dialect', () => {
    expect(blocks.map((block) => [...block.keys()])).toEqual(
      Array.from({ length: 3 }, () => ['MySQL, MariaDB', 'PostgreSQL']),
    );
  });
});

describeEach(serversOf('MySQL', 'MariaDB', 'PostgreSQL'), 'what the runbook asks $name', (server) => {
  let direct: DataSource;
  let close: () => Promise<void>;
  const logged: { readonly id: string; readonly type: string }[] = [];

  beforeAll(async () => {
    const opened = await openBeside(server);
    ({ direct, close } = opened);
    const engine = new LockoutEngine({
      store: opened.store,
      secrets: ['a secret of the test suite, long enough'],
      policies,
      labels: true,
      onEvent: ({ type }, { id }) => void logged.push({ id, type }),
    });
    const fail = (account: string, address: string) =>
      engine.protect({ account, method: 'password', address }, () => false);
    for (let n = 0; n < 2; n += 1) await fail('alice', '192.0.2.1');
    for (const account of ['carol', 'dave', 'erin']) await fail(account, '192.0.2.2');
    await engine.lock({ account: 'bob' }, null, ada);
    for (let n = 0; n < 2; n += 1) await fail('frank', '192.0.2.3');
    // Only the test may: its lock ended long ago, and nobody has swept it yet.
    await direct.query(`UPDATE lockout_record SET locked_until = 1000 WHERE account_label = 'frank'`);
  });
  afterAll(() => close());

  const ask = async (
    block: number,
    change = (sql: string) => sql,
  ): Promise<readonly Record<string, unknown>[]> => {
    const dialect = server.name === 'PostgreSQL' ? 'PostgreSQL' : 'MySQL, MariaDB';
    return direct.query(change(blocks[block]?.get(dialect) ?? ''));
  };

  it('shows what is locked now: accounts, addresses, and by hand', async () => {
    const rows = await ask(0);
    const found = rows.map(({ account_label, address_label, failures }) => [
      account_label,
      address_label,
      failures,
    ]);
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        ['alice', null, 2],
        [null, '192.0.2.2', 3],
        ['bob', null, 0],
      ]),
    );
    for (const { since } of rows) expect(Math.abs(Number(since) - Date.now())).toBeLessThan(hours(24));
  });

  it('finds who an event of the log was about, and why', async () => {
    const event = logged.findLast(({ type }) => type === 'locked');
    const locked = await ask(1, (sql) => sql.replace(/'[0-9a-f]+…'/, `'${event?.id}'`));
    expect(locked).toMatchObject([{ type: 'locked', realm: 'default', account_label: 'frank' }]);
    expect(JSON.parse(String(locked[0]?.['data']))).toMatchObject({ cause: 'failures', failures: 2 });
    const byHand = await Promise.all(
      logged.map(({ id }) => ask(1, (sql) => sql.replace(/'[0-9a-f]+…'/, `'${id}'`))),
    );
    const reasons = byHand.flat().map(({ data }) => JSON.parse(String(data)).reason);
    expect(reasons).toContain('reported stolen');
  });

  it('lists what is locked without an end', async () => {
    expect(await ask(2)).toMatchObject([{ realm: 'default', account_label: 'bob' }]);
  });
});
