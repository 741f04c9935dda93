import { quantile } from './quantile.mjs';

const SAMPLES = 30;
const PAGE = 50;
/** Pages into the list for the second measurement. */
const DEEP = 100;

/** @typedef {import('nestjs-lockout/typeorm').TypeormLockoutStore} Store */

/** @type {readonly ('until' | 'since' | 'lastFailureAt')[]} */
export const SORTS = ['until', 'since', 'lastFailureAt'];

/**
 * How long administrators wait for a page of the locked accounts, ms, and how the server finds it.
 *
 * @param {Store} store
 * @param {import('../servers.mjs').ServerName} family
 * @param {typeof SORTS[number]} sort
 */
export async function measureListing(store, family, sort) {
  try {
    return await measured(store, family, sort);
  } catch (error) {
    // Slower than the store lets a statement be.
    const failed = { median: Number.POSITIVE_INFINITY, p95: Number.POSITIVE_INFINITY };
    return { first: failed, deep: failed, plan: String(error) };
  }
}

/** @param {Store} store @param {import('../servers.mjs').ServerName} family @param {typeof SORTS[number]} sort */
async function measured(store, family, sort) {
  const { now } = await store.load([]);
  const query = /** @type {const} */ ({ of: 'account', state: 'locked', sort, now, limit: PAGE });
  const { statement, stop } = watch(store);
  /** @type {string | null | undefined} */
  let cursor;
  for (let page = 0; page < DEEP; page += 1) {
    const { nextCursor } = await store.find({ ...query, ...(cursor && { cursor }) });
    cursor = nextCursor;
  }
  stop();
  const first = await timed(() => store.find(query));
  const deep = await timed(() => store.find({ ...query, ...(cursor && { cursor }) }));
  return { first, deep, plan: await explain(store, family, statement()) };
}

/** @param {() => Promise<{ items: readonly unknown[] }>} find */
async function timed(find) {
  const times = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const start = performance.now();
    const { items } = await find();
    times.push(performance.now() - start);
    if (items.length !== PAGE) throw new Error(`A page of ${items.length}, not ${PAGE}`);
  }
  return { median: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

/** What the store asks the database through, which is its own affair. @param {Store} store @returns {any} */
const dialectOf = (store) => Reflect.get(store, 'opened').dialect;

/** @param {Store} store */
function watch(store) {
  const dialect = dialectOf(store);
  const ask = dialect.query;
  /** @type {{ sql: string, values: readonly unknown[] } | undefined} */
  let last;
  dialect.query = (/** @type {string} */ sql, /** @type {readonly unknown[]} */ values) => {
    last = { sql, values };
    return ask.call(dialect, sql, values);
  };
  return {
    statement: () => last,
    stop: () => {
      dialect.query = ask;
    },
  };
}

/** The names of the indexes that the statement's plan names. */
async function explain(
  /** @type {Store} */ store,
  /** @type {string} */ family,
  /** @type {{ sql: string, values: readonly unknown[] } | undefined} */ statement,
) {
  if (!statement) return '';
  const word = family === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
  const rows = /** @type {(string | number | null)[][]} */ (
    await dialectOf(store).query(`${word} ${statement.sql}`, statement.values)
  );
  return rows.map((row) => row.filter((cell) => cell !== null).join(' ')).join('\n');
}
