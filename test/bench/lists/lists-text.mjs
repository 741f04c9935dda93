import { number } from '../table.mjs';

/** Most that a list may take at the 95th percentile, ms. */
const LIMIT_MS = 100;
/** Most of the table that a statement may look at. */
const SHARE_READ = 0.25;

/** For people. @param {import('./lists.mjs').Lists} lists */
export function listsText({ title, version, settings, rows, locks, perSecond, lists, console: waited }) {
  const width = Math.max(...lists.map(({ name }) => name.length));
  const lines = lists.map(({ name, store, http, plan }) =>
    [
      name.padEnd(width),
      `${number(store.p50)} / ${number(store.p95)}`.padStart(14),
      (http === null ? '–' : `${number(http.p50)} / ${number(http.p95)}`).padStart(14),
      `${plan.indexes.join(', ')}${plan.scanned.length > 0 ? ` SCANS ${plan.scanned.join()}` : ''} (${number(plan.read)} read)`,
    ].join('  '),
  );
  return [
    `\n${title} ${version} (${settings}), ${number(rows)} records, ${number(locks)} locked, ${number(rows)} events; ` +
      `written ${number(perSecond)} a second`,
    `${'p50 / p95 in ms'.padEnd(width)}  ${'store'.padStart(14)}  ${'admin API'.padStart(14)}  indexes`,
    ...lines,
    ...(lists.length > 0 ? [worst(lists, 'store'), worst(lists, 'http')] : []),
    ...(waited ?? []).map(
      ({ name, p50, most, longestTask }) =>
        `console, ${name}: ${number(p50)} ms, at most ${number(most)}; longest task ${number(longestTask)} ms`,
    ),
  ].join('\n');
}

/** What is not as promised. @param {import('./lists.mjs').Lists} lists @returns {string[]} */
export function misses({ title, rows, lists }) {
  return lists
    .filter(({ judged }) => judged)
    .flatMap(({ name, store, http, plan }) => [
      store.p95 > LIMIT_MS && `${title}, ${name}: p95 ${number(store.p95)} ms, at most ${LIMIT_MS}`,
      http !== null &&
        http.p95 > LIMIT_MS &&
        `${title}, ${name}: p95 ${number(http.p95)} ms over HTTP, at most ${LIMIT_MS}`,
      plan.scanned.length > 0 && `${title}, ${name}: reads all of ${plan.scanned.join()}`,
      plan.indexes.length === 0 && `${title}, ${name}: no index`,
      plan.read > rows * SHARE_READ && `${title}, ${name}: looks at ${number(plan.read)} rows`,
    ])
    .filter((miss) => miss !== false);
}

/** @param {import('./lists.mjs').Lists['lists']} lists @param {'store' | 'http'} by */
function worst(lists, by) {
  const judged = lists.filter((list) => list.judged && list[by] !== null);
  const slowest = judged.toSorted((a, b) => (b[by]?.p95 ?? 0) - (a[by]?.p95 ?? 0))[0];
  const what = by === 'store' ? 'the store' : 'the admin API';
  return `slowest through ${what}: ${slowest?.name}, p95 ${number(slowest?.[by]?.p95 ?? null)} ms`;
}
