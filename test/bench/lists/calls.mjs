import { accountOf, addressOf, isLocked, kindOf, REALMS, realmOf } from './population.mjs';

/** Items of a page, as the admin API has it without `limit`. */
const PAGE = 50;
/** Records passed over before a deep page, at most. */
const DEEP = 30_000;
const STRIDE = 5_000;

/**
 * One call: through the store, and what the admin API is asked to do the same; null: not a call of its own.
 *
 * @typedef {{ readonly name: string, readonly run: () => Promise<unknown>, readonly path: string | null,
 *   readonly judged?: boolean }} Call
 */

/**
 * Every list of the admin API: each sort and filter, first pages and deep ones.
 *
 * @param {any} store
 * @param {import('./population.mjs').Population} population
 * @returns {Promise<Call[]>}
 */
export async function callsOf(store, population) {
  const calls = [];
  const { now } = await store.load([]);
  for (const of of /** @type {const} */ (['account', 'address'])) {
    const path = of === 'account' ? 'accounts' : 'addresses';
    for (const state of ['locked', 'any']) {
      for (const sort of ['until', 'since', 'lastFailureAt']) {
        for (const realm of [undefined, ...Object.values(REALMS)]) {
          const query = { of, state, sort, ...(realm && { realm }) };
          const name = `${path} ${state} by ${sort}${realm ? ` in ${realm}` : ''}`;
          for (const [what, cursor] of [['', undefined], ...(await deepOf(store, { ...query, now }))]) {
            calls.push(listCall(store, path, name + what, { ...query, ...(cursor && { cursor }) }));
          }
        }
      }
      for (const realm of [undefined, REALMS.large, REALMS.small]) {
        for (const [what, q] of searchesOf(population, of)) {
          const query = {
            of,
            state,
            sort: 'until',
            labelPrefix: q,
            subjects: subjectsLike(population, of, q, realm),
          };
          const name = `${path} ${state} q=${what}${realm ? ` in ${realm}` : ''}`;
          calls.push(listCall(store, path, name, { ...query, ...(realm && { realm }) }));
        }
      }
    }
    calls.push({
      name: `count of ${path} locked`,
      run: async () =>
        store.countLocked({ of, realms: Object.values(REALMS), now: (await store.load([])).now }),
      path: null,
    });
  }
  calls.push(...(await eventCalls(store, population)), shapeCall(store));
  return calls;
}

/** @param {any} store @param {string} path @param {string} name @param {any} query @returns {Call} */
function listCall(store, path, name, query) {
  const { of: _, labelPrefix: q, subjects: __, ...parameters } = query;
  const search = new URLSearchParams({ ...parameters, ...(q !== undefined && { q }) });
  return {
    name,
    run: async () => store.find({ ...query, limit: PAGE, now: (await store.load([])).now }),
    path: `${path}?${search}`,
  };
}

/** Cursors far into a list: among the locked, and among what has no lock. @param {any} store @param {any} query @returns {Promise<[string, string][]>} */
async function deepOf(store, query) {
  /** @type {[string, string][]} */
  const deep = [];
  let cursor;
  for (let passed = 0; passed < DEEP; passed += STRIDE) {
    const page = await store.find({ ...query, limit: STRIDE, ...(cursor && { cursor }) });
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  if (cursor) deep.push([', deep', cursor]);
  if (query.state === 'any' && query.realm !== REALMS.small) {
    // Past all that is locked, and a good part of the rest.
    const first = await store.find({
      ...query,
      limit: 1,
      sort: query.sort,
      ...(await restCursor(store, query)),
    });
    if (first.nextCursor) deep.push([', not locked', first.nextCursor]);
  }
  return deep;
}

/** Goes on until the list has come to what has no lock. @param {any} store @param {any} query */
async function restCursor(store, query) {
  let cursor;
  for (;;) {
    const page = await store.find({ ...query, limit: STRIDE, ...(cursor && { cursor }) });
    cursor = page.nextCursor;
    if (cursor === null || page.items.at(-1).state.lock === null) return cursor === null ? {} : { cursor };
  }
}

/** Somebody who is locked, many, some, nobody. @param {import('./population.mjs').Population} population @param {'account' | 'address'} of @returns {[string, string][]} */
function searchesOf({ shares }, of) {
  const some = Array.from({ length: 10_000 }, (_, n) => n).find(
    (n) => isLocked(shares, n) && kindOf(n) === of && realmOf(n) === REALMS.large,
  );
  return of === 'account'
    ? [
        ['a name', accountOf(some ?? 0).toLowerCase()],
        ['what all begin with', 'USER-'],
        ['what a hundredth begins with', 'user-001'],
        ['what a ten-thousandth begins with', 'user-00012'],
        ['what nobody begins with', 'zzz'],
      ]
    : [
        ['an address', addressOf(some ?? 0)],
        ['what all begin with', '10.'],
        ['what a hundredth begins with', '10.5.'],
        ['what none begins with', '192.168.'],
      ];
}

/** @param {import('./population.mjs').Population} population @param {'account' | 'address'} of @param {string} q @param {string} [realm] */
function subjectsLike({ accounts }, of, q, realm) {
  const scope = realm === undefined ? {} : { realm };
  return of === 'account'
    ? accounts.accountHashes({ ...scope, account: q })
    : accounts.addressHashes(q, realm);
}

/** @param {any} store @param {import('./population.mjs').Population} population @returns {Promise<Call[]>} */
async function eventCalls(store, population) {
  const account =
    Array.from({ length: 1_000 }, (_, n) => n).find(
      (n) => kindOf(n) === 'account' && realmOf(n) === REALMS.large,
    ) ?? 0;
  const address =
    Array.from({ length: 1_000 }, (_, n) => n).find(
      (n) => kindOf(n) === 'address' && realmOf(n) === REALMS.large,
    ) ?? 0;
  const byAccount = { account: population.accountHash(account) };
  const byAddress = { address: population.addressHash(address) };
  const { large, small } = REALMS;
  /** @type {[string, any, Record<string, string>][]} */
  const lists = [
    ['', {}, {}],
    ['of an account', byAccount, { realm: large, account: accountOf(account) }],
    ['of an address', byAddress, { realm: large, address: addressOf(address) }],
    [
      'of an address, locked',
      { ...byAddress, type: 'locked' },
      { realm: large, address: addressOf(address), type: 'locked' },
    ],
    ...['failed', 'locked', 'refund-refused', 'unlocked'].map(
      (type) => /** @type {[string, any, Record<string, string>]} */ ([type, { type }, { type }]),
    ),
    ...[large, small].flatMap((realm) => [
      /** @type {[string, any, Record<string, string>]} */ ([`in ${realm}`, { realms: [realm] }, { realm }]),
      ...['failed', 'refund-refused', 'unlocked'].map(
        (type) =>
          /** @type {[string, any, Record<string, string>]} */ ([
            `${type} in ${realm}`,
            { type, realms: [realm] },
            { type, realm },
          ]),
      ),
    ]),
  ];
  const calls = [];
  for (const [what, query, parameters] of lists) {
    const name = `events ${what}`.trim();
    let cursor;
    for (let passed = 0; passed < DEEP; passed += STRIDE) {
      const page = await store.list({ ...query, limit: STRIDE, ...(cursor && { cursor }) });
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    for (const [depth, after] of [['', undefined], ...(cursor ? [[', deep', cursor]] : [])]) {
      const search = new URLSearchParams({ ...parameters, ...(after && { cursor: `0~${after}` }) });
      calls.push({
        name: name + depth,
        run: () => store.list({ ...query, limit: PAGE, ...(after && { cursor: after }) }),
        path: `events?${search}`,
      });
    }
  }
  return calls;
}

/** Of all events of the day; it is no list, and not judged as one. @param {any} store @returns {Call} */
function shapeCall(store) {
  const day = 24 * 3_600_000;
  return {
    name: 'shape of 24 hours',
    run: async () => {
      const { now } = await store.load([]);
      return store.shape({
        realms: Object.values(REALMS),
        from: now - day,
        to: now,
        sliceMs: 1_800_000,
        top: 10,
      });
    },
    path: null,
    judged: false,
  };
}
