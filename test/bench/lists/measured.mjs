import { askOf, planOf, statementsOf } from '../../support/statement-plan.mjs';
import { quantile } from '../growth/quantile.mjs';

const WARM_UP = 3;
const SAMPLES = 20;

/**
 * What one call takes: through the store's method, through the admin API (ms; null: not a call of it), and how its
 * statements were answered.
 *
 * @typedef {{ readonly name: string, readonly judged: boolean, readonly store: Times, readonly http: Times | null,
 *   readonly plan: import('../../support/statement-plan.mjs').Plan }} Measured
 *
 * @typedef {{ readonly p50: number, readonly p95: number }} Times
 */

/**
 * @param {any} store
 * @param {'mariadb' | 'postgres'} family
 * @param {string} url Of the admin API.
 * @param {import('./calls.mjs').Call} call
 * @returns {Promise<Measured>}
 */
export async function measured(store, family, url, call) {
  try {
    return await measuredCall(store, family, url, call);
  } catch (error) {
    // Slower than the store lets a statement be.
    console.error(call.name, error);
    const never = { p50: Number.POSITIVE_INFINITY, p95: Number.POSITIVE_INFINITY };
    return {
      name: call.name,
      judged: call.judged ?? true,
      store: never,
      http: null,
      plan: { indexes: [], scanned: [], read: 0 },
    };
  }
}

/** @param {any} store @param {'mariadb' | 'postgres'} family @param {string} url @param {import('./calls.mjs').Call} call @returns {Promise<Measured>} */
async function measuredCall(store, family, url, { name, run, path, judged = true }) {
  const direct = await timed(run);
  const http = path === null ? null : await timed(() => get(`${url}/${path}`));
  const statements = await statementsOf(store, run);
  const plans = [];
  for (const statement of statements) {
    plans.push(await planOf(askOf(store, statement), family, statement));
  }
  return {
    name,
    judged,
    store: direct,
    http,
    plan: {
      indexes: [...new Set(plans.flatMap(({ indexes }) => indexes))],
      scanned: [...new Set(plans.flatMap(({ scanned }) => scanned))],
      read: Math.max(0, ...plans.map(({ read }) => read)),
    },
  };
}

/** @param {() => Promise<unknown>} work @returns {Promise<Times>} */
async function timed(work) {
  const times = [];
  for (let n = 0; n < WARM_UP + SAMPLES; n += 1) {
    const start = performance.now();
    await work();
    if (n >= WARM_UP) times.push(performance.now() - start);
  }
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

/** @param {string} url */
async function get(url) {
  const response = await fetch(url);
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} for ${url}: ${body}`);
}
