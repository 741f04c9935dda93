// Every call of the admin API against everybody who has no business making it: nothing is told, nothing changes, and
// nothing of the try stands in the way of the rightful call afterwards.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument } from 'nestjs-lockout/admin';
import { HOUSES } from '../admin-app.js';
import { callOf, changes, EVERY_CALL, lockOf } from './every-call.js';
import { DENIED, INTRUDERS, type Intruder, RIGHTFUL, sentBy } from './intruders.js';
import {
  ALICE,
  CAROL,
  CUSTOMERS,
  CUSTOMERS_ADMIN,
  HOME,
  KEPT_FROM_STAFF,
  KEPT_FROM_STRANGERS,
  MatrixHouse,
  OFFICE,
  rightful,
  STAFF,
  STAFF_ADMIN,
  WHY,
} from './matrix-house.js';
import type { RawAnswer } from './raw-call.js';

const IDS = Object.values(openApiDocument().paths).flatMap((methods) =>
  Object.values(methods).map((operation) => (operation as { readonly operationId: string }).operationId),
);

/** What is wrong with an answer to an intruder. */
function faultsOf(
  { headers, text, status }: RawAnswer,
  { kept }: Intruder,
  statuses: readonly number[],
): readonly string[] {
  const isRefused = status === 401 || status === 403;
  return [
    ...(statuses.includes(status) ? [] : [`${status} instead of ${statuses.join(' or ')}: ${text}`]),
    ...kept.filter((secret) => text.includes(secret)).map((secret) => `names ${secret}`),
    ...Object.keys(headers)
      .filter((name) => name === 'set-cookie' || name.startsWith('access-control-'))
      .map((name) => `sets ${name}`),
    ...kept
      .filter((secret) => JSON.stringify(headers).includes(secret))
      .map((secret) => `has ${secret} in its headers`),
    ...(isRefused && headers['cache-control'] !== 'no-store' ? ['may be kept by a cache'] : []),
    ...(isRefused && headers['x-content-type-options'] !== 'nosniff' ? ['may be sniffed'] : []),
    ...(isRefused && headers['cross-origin-resource-policy'] !== 'same-origin' ? ['may be embedded'] : []),
    ...(status >= 400 && text !== '' && !headers['content-type']?.includes('json') ? ['is no JSON'] : []),
  ];
}

describe.each(HOUSES)('the matrix on $platform with the $store store', ({ platform, store }) => {
  let house: MatrixHouse;

  beforeAll(async () => {
    house = await MatrixHouse.open({ platform, store });
  });
  afterAll(() => house.close());

  it.each(IDS)('%s: nobody else gets anything, and then it is made', async (id) => {
    await house.restore();
    const call = await callOf(house, id);
    const key = `the key of ${id}`;
    const before = await house.dump();
    const faults: string[] = [];
    for (const intruder of INTRUDERS) {
      if (intruder.sends?.(call) === false) continue;
      const answer = await house.send(sentBy(intruder, call, house.admin.url, key));
      const found = faultsOf(answer, intruder, intruder.statuses(call, platform));
      faults.push(...found.map((fault) => `${intruder.who}: ${fault}`));
      if ((await house.dump()) !== before) faults.push(`${intruder.who}: something changed`);
      if (answer.headers['idempotency-replayed']) faults.push(`${intruder.who}: is told an answer again`);
    }
    expect(faults).toEqual([]);

    const done = await house.send(sentBy(RIGHTFUL, call, house.admin.url, key));
    expect([done.status, done.headers['idempotency-replayed']]).toEqual([call.status, undefined]);
    expect(done.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect((await house.dump()) !== before).toBe(changes(id, call));
  });

  it('what the rightful administrator was answered is told to nobody else by the same key', async () => {
    await house.restore();
    const call = await callOf(house, 'unlockAccount');
    const send = (who: Intruder) => house.send(sentBy(who, call, house.admin.url, 'a shared key'));
    expect((await send(RIGHTFUL)).status).toBe(200);
    expect((await send(RIGHTFUL)).headers['idempotency-replayed']).toBe('true');
    // Whoever lost a permission since may hear again what they were told when they had it.
    for (const intruder of INTRUDERS.filter((other) => other !== DENIED)) {
      const { status, headers } = await send(intruder);
      expect([intruder.who, headers['idempotency-replayed']]).toEqual([intruder.who, undefined]);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  it('lists leave out what is of the other realm, with and without a search', async () => {
    await house.restore();
    const of = async (path: string, user: string) =>
      (await house.send({ method: 'GET', path: `/lockout${path}`, headers: { 'x-user': user } })).text;
    for (const path of [
      '/accounts?state=any',
      `/accounts?state=any&q=${ALICE}`,
      '/accounts?state=any&limit=1',
      '/addresses?state=any',
      `/addresses?state=any&q=${HOME}`,
      '/events',
      '/events?type=locked&limit=3',
      '/events/export',
      '/events/export?from=2026-01-01T00:00:00Z',
      '/overview',
      '/overview?hours=48',
      '/me',
    ]) {
      const told = await of(path, STAFF_ADMIN);
      // The same policies govern both.
      const kept = [...KEPT_FROM_STAFF, CUSTOMERS].filter((secret) => !secret.startsWith('vault-'));
      expect([path, kept.filter((secret) => told.includes(secret))]).toEqual([path, []]);
    }
    expect(JSON.parse(await of('/overview', STAFF_ADMIN))).toMatchObject({
      realms: [STAFF],
      locks: { accounts: 1, addresses: 1 },
    });
  });

  it('of several, one that is not theirs keeps all as they are', async () => {
    await house.restore();
    const before = await house.dump();
    const carol = { realm: STAFF, account: CAROL };
    for (const [path, body] of [
      ['accounts', { accounts: [carol, { realm: CUSTOMERS, account: ALICE }] }],
      [
        'addresses',
        {
          addresses: [
            { realm: STAFF, address: OFFICE },
            { realm: CUSTOMERS, address: HOME },
          ],
        },
      ],
      ['records', { ids: [await lockOf(house, STAFF_ADMIN, STAFF, CAROL), await lockOf(house)] }],
    ] as const) {
      const answer = await house.send({
        method: 'POST',
        path: `/lockout/${path}/unlock`,
        headers: rightful(STAFF_ADMIN),
        body: JSON.stringify({ ...body, reason: WHY }),
      });
      expect([path, answer.status]).toEqual([path, 403]);
      expect(await house.dump()).toBe(before);
    }
  });

  it('the secrets that nobody is told are what rightful answers are full of', async () => {
    await house.restore();
    await house.deadLetter();
    const texts = await Promise.all(
      [CUSTOMERS_ADMIN, STAFF_ADMIN].flatMap((user) =>
        ['/accounts?state=any', '/addresses?state=any', '/events', '/policies', '/deliveries', '/me'].map(
          async (path) =>
            (await house.send({ method: 'GET', path: `/lockout${path}`, headers: { 'x-user': user } })).text,
        ),
      ),
    );
    expect(KEPT_FROM_STRANGERS.filter((secret) => !texts.join().includes(secret))).toEqual([]);
  });

  it('support is named to whoever the guards admit, and to nobody else', async () => {
    await house.restore();
    for (const id of Object.keys(EVERY_CALL)) {
      const call = await callOf(house, id);
      if (call.needs === null) continue;
      const { text } = await house.send(sentBy(DENIED, call, house.admin.url, 'k'));
      expect([id, JSON.parse(text).support]).toEqual([id, expect.stringContaining('kept-support of ')]);
    }
  });
});
