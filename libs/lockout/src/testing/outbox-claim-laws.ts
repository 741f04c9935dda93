import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import { StoreError } from '../store/store-error.js';
import { freshSink, freshToken } from './contract-entry.js';
import { now } from './contract-law.js';
import { HOSTILE_LABELS } from './contract-swap.js';
import {
  bury,
  claim,
  claimOne,
  deliverAll,
  kept,
  LEASE_MS,
  nth,
  numberOf,
  type OutboxLaw,
  record,
} from './outbox-law.js';
import { timedBy } from './port-law.js';

/** Whose a delivery is, for how long, and what its owner may do. */
export function outboxClaimLaws(law: OutboxLaw, callers: number): void {
  const timed = timedBy(law);

  law('is given to one, and to nobody else while it is his', async ({ store, other }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(1)]);
    const { token, item } = await claimOne(store, [sink]);
    deepEqual([item.sink, item.tries, item.problem], [sink, 1, null]);
    ok(Math.abs(item.now - (await now(store))) < 60_000);
    equal(item.dueAt, item.now + LEASE_MS);
    deepEqual((await claim(other, [sink])).items, []);
    deepEqual((await claim(store, [sink])).items, []);
    equal(await other.finishDelivery(item.id, token), true);
    deepEqual(await kept(store, sink), { waiting: 0, dead: 0 });
  });

  law(`of ${callers} who claim at once each gets others, and all are given`, async ({ store, other }) => {
    const sink = freshSink();
    const count = 6 * callers;
    await Promise.all(Array.from({ length: count }, (_, n) => record(store, [sink], [nth(n)])));
    const given: number[] = [];
    const owners = new Set<number>();
    for (let rounds = 0; given.length < count; rounds += 1) {
      ok(rounds < 50, `only ${given.length} of ${count} were given`);
      const claims = await Promise.all(
        Array.from({ length: callers }, (_, n) => claim(n % 2 === 0 ? store : other, [sink], { limit: 5 })),
      );
      for (const [n, { items }] of claims.entries()) {
        if (items.length > 0) owners.add(n);
        given.push(...items.map(numberOf));
      }
    }
    deepEqual(
      given.sort((a, b) => a - b),
      Array.from({ length: count }, (_, n) => n),
    );
    ok(owners.size > 1, 'no race was run: one took all');
  });

  law('of many who claim the same one at once one gets it', async ({ store, other }) => {
    for (let round = 0; round < 5; round += 1) {
      const sink = freshSink();
      await record(store, [sink], [nth(round)]);
      const claims = await Promise.all(
        Array.from({ length: callers }, (_, n) => claim(n % 2 === 0 ? store : other, [sink])),
      );
      equal(claims.filter(({ items }) => items.length > 0).length, 1);
    }
  });

  law('gives no more than is asked for, of the sinks that are asked for', async ({ store }) => {
    const [one, two, none] = [freshSink(), freshSink(), freshSink()];
    for (let n = 0; n < 5; n += 1) await record(store, [one, two], [nth(n)]);
    const first = await claim(store, [one, none], { limit: 3 });
    equal(first.items.length, 3);
    ok(first.items.every(({ sink }) => sink === one));
    equal((await claim(store, [one, two], { limit: 4 })).items.length, 4);
    equal((await claim(store, [one, two, two], { limit: 64 })).items.length, 3);
    deepEqual((await claim(store, [none])).items, []);
    deepEqual((await claim(store, [])).items, []);
  });

  law('what is not the token’s nobody finishes, defers or buries', async ({ store, other }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(1)]);
    const { token, item } = await claimOne(store, [sink]);
    const attempts = [freshToken(), '0'.repeat(32)];
    for (const wrong of attempts) {
      equal(await other.finishDelivery(item.id, wrong), false);
      equal(await other.deferDelivery(item.id, wrong, { inMs: 0, problem: 'not mine' }), false);
      equal(await other.buryDelivery(item.id, wrong, 'not mine'), false);
    }
    for (const id of ['999999999', '0', '-1', 'x', '', item.id + item.id]) {
      equal(await store.finishDelivery(id, token), false);
      equal(await store.deferDelivery(id, token, { inMs: 0, problem: 'nowhere' }), false);
      equal(await store.buryDelivery(id, token, 'nowhere'), false);
    }
    deepEqual(await kept(store, sink), { waiting: 1, dead: 0 });
    equal(await store.finishDelivery(item.id, token), true);
    equal(await store.finishDelivery(item.id, token), false);
    equal(await store.deferDelivery(item.id, token, { inMs: 0, problem: 'gone' }), false);
    equal(await store.buryDelivery(item.id, token, 'gone'), false);
    deepEqual(await kept(store, sink), { waiting: 0, dead: 0 });
  });

  timed('one whose owner died is given again when the lease is over, and not before', async (opened) => {
    const { store, other, advance } = opened;
    const sink = freshSink();
    await record(store, [sink], [nth(1)]);
    const first = await claimOne(store, [sink]);
    await advance(LEASE_MS - 1);
    deepEqual((await claim(other, [sink])).items, []);
    await advance(1);
    const second = await claimOne(other, [sink]);
    deepEqual([second.item.id, second.item.tries, second.item.event], [first.item.id, 2, first.item.event]);
    equal(await store.finishDelivery(first.item.id, first.token), false);
    equal(await store.deferDelivery(first.item.id, first.token, { inMs: 0, problem: 'late' }), false);
    equal(await store.buryDelivery(first.item.id, first.token, 'late'), false);
    deepEqual((await claim(store, [sink])).items, []);
    equal(await other.finishDelivery(second.item.id, second.token), true);
    deepEqual(await kept(store, sink), { waiting: 0, dead: 0 });
  });

  timed('of many who take over a dead one’s each is given once', async ({ store, other, advance }) => {
    const sink = freshSink();
    for (let n = 0; n < 8; n += 1) await record(store, [sink], [nth(n)]);
    equal((await claim(store, [sink])).items.length, 8);
    await advance(LEASE_MS);
    const claims = await Promise.all(
      Array.from({ length: callers }, (_, n) => claim(n % 2 === 0 ? store : other, [sink])),
    );
    const given = claims.flatMap(({ items }) => items.map(numberOf));
    equal(new Set(given).size, given.length);
    notEqual(given.length, 0);
    given.push(...(await deliverAll(store, [sink])).map(numberOf));
    deepEqual(
      given.sort((a, b) => a - b),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
  });

  timed('nobody having taken it over, a slow owner still finishes', async ({ store, other, advance }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(1)]);
    const { token, item } = await claimOne(store, [sink]);
    await advance(3 * LEASE_MS);
    equal(await store.finishDelivery(item.id, token), true);
    deepEqual((await claim(other, [sink])).items, []);
  });

  timed('is given again when it was deferred for so long, with what was wrong', async (opened) => {
    const { store, other, advance } = opened;
    const sink = freshSink();
    await record(store, [sink], [nth(1)]);
    const first = await claimOne(store, [sink]);
    equal(await store.deferDelivery(first.item.id, first.token, { inMs: 1_000, problem: 'busy' }), true);
    equal(await store.finishDelivery(first.item.id, first.token), false);
    const { items } = await other.deliveries({ state: 'waiting', sink, limit: 10 });
    deepEqual(
      items.map(({ id, tries, problem, dueAt }) => ({ id, tries, problem, dueAt })),
      [{ id: first.item.id, tries: 1, problem: 'busy', dueAt: first.item.now + 1_000 }],
    );
    await advance(999);
    deepEqual((await claim(other, [sink])).items, []);
    await advance(1);
    const second = await claimOne(other, [sink]);
    deepEqual([second.item.tries, second.item.problem], [2, 'busy']);
    const later = { inMs: 5, problem: 'the sink is away', keepTries: true };
    equal(await other.deferDelivery(second.item.id, second.token, later), true);
    await advance(5);
    const third = await claimOne(store, [sink]);
    deepEqual([third.item.tries, third.item.problem], [2, 'the sink is away']);
  });

  timed('gives first what is due for longest', async ({ store, advance }) => {
    const sink = freshSink();
    for (let n = 0; n < 6; n += 1) {
      await record(store, [sink], [nth(n)]);
      await advance(5_000);
    }
    const order: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { token, items } = await claim(store, [sink], { limit: 2 });
      order.push(...items.map(numberOf));
      for (const item of items) await store.finishDelivery(item.id, token);
    }
    deepEqual(order, [0, 1, 2, 3, 4, 5]);
  });

  law('keeps what was wrong as far as it fits, whatever it says', async ({ store, other }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(1)]);
    const problems: [string, string][] = [
      ...HOSTILE_LABELS.map((text): [string, string] => [text, text]),
      ['x'.repeat(501), 'x'.repeat(500)],
      ['🔒'.repeat(501), '🔒'.repeat(500)],
      ['a\0b\ud800c', 'a\ufffdb\ufffdc'],
    ];
    for (const [problem, expected] of problems) {
      const { token, item } = await claimOne(store, [sink]);
      equal(await store.deferDelivery(item.id, token, { inMs: 0, problem }), true);
      equal((await other.deliveries({ state: 'waiting', sink, limit: 1 })).items[0]?.problem, expected);
    }
    const { token, item } = await claimOne(store, [sink]);
    equal(await store.buryDelivery(item.id, token, 'y'.repeat(600)), true);
    equal((await other.deliveries({ state: 'dead', sink, limit: 1 })).items[0]?.problem, 'y'.repeat(500));
  });

  law('rejects what no row can hold as data, and leaves what is there', async ({ store }) => {
    const sink = freshSink();
    await record(store, [sink], [nth(1)]);
    const good = { sinks: [sink], token: freshToken(), leaseMs: LEASE_MS, limit: 5 };
    const calls: readonly (() => Promise<unknown>)[] = [
      ...[freshToken().slice(1), `${freshToken()}00`, freshToken().replace(/^./, 'X'), ''].flatMap(
        (token) => [
          () => store.claimDeliveries({ ...good, token }),
          () => store.finishDelivery('1', token),
          () => store.deferDelivery('1', token, { inMs: 0, problem: '' }),
          () => store.buryDelivery('1', token, ''),
        ],
      ),
      ...[0, -1, 1.5, Number.NaN].map((leaseMs) => () => store.claimDeliveries({ ...good, leaseMs })),
      ...[-1, 0.5].map((inMs) => () => store.deferDelivery('1', freshToken(), { inMs, problem: '' })),
      ...['', 'A', 'a b', 'x'.repeat(33)].map(
        (name) => () => store.claimDeliveries({ ...good, sinks: [name] }),
      ),
    ];
    for (const call of calls) {
      await rejects(call, (error) => {
        ok(error instanceof StoreError, String(error));
        equal(error.fault, 'data');
        return true;
      });
    }
    await rejects(() => store.claimDeliveries({ ...good, limit: 0 }), RangeError);
    equal(numberOf(await bury(store, [sink])), 1);
  });
}
