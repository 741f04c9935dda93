import { number } from '../table.mjs';

/** Most that a lookup in the large table may take, of what it takes in the small one. */
const FLAT = 1.5;
/** Most that the 99th percentile of a sign-in may grow while records are pruned. */
const UNDISTURBED = 2;

/** @param {import('./growth.mjs').Growth} growth */
const lookupRatio = ({ lookup }) => (lookup.large?.median ?? 0) / (lookup.small?.median ?? 1);

/** @param {import('./growth.mjs').Growth} growth */
const pruningRatio = ({ pruning }) => pruning.pruning.p99 / pruning.quiet.p99;

/** For people. @param {import('./growth.mjs').Growth} growth */
export function growthText(growth) {
  const { lookup, pruning, listing } = growth;
  return [
    `\n${growth.title} ${growth.version} (${growth.settings}), ${number(growth.records)} records`,
    `  bytes a record: ${number(growth.bytesPerRow)} (without indexes ${number(growth.dataBytesPerRow)}); ` +
      `written ${number(growth.filledPerSecond)} a second`,
    `  load of two keys: ${number(lookup.small?.median ?? null)} µs of 1,000 records, ` +
      `${number(lookup.large?.median ?? null)} µs of all: ×${number(lookupRatio(growth))}`,
    ...listing.map(
      ({ sort, first, deep, plan }) =>
        `  50 locked accounts by ${sort}: p95 ${number(first.p95)} ms, page 101 ${number(deep.p95)} ms\n` +
        plan.replaceAll(/^/gm, '      '),
    ),
    `  pruned by ${growth.server === 'sqlite' ? 'the same process' : 'two processes'}: ${number(pruning.pruned)}, ${number(pruning.rowsPerSecond)} a second; ` +
      `${pruning.failed} rounds failed`,
    `  a sign-in meanwhile: p99 ${number(pruning.pruning.p99)} ms, quiet ${number(pruning.quiet.p99)} ms: ` +
      `×${number(pruningRatio(growth))} (medians ${number(pruning.pruning.median)} and ${number(pruning.quiet.median)})`,
  ].join('\n');
}

/** What is not as promised. @param {import('./growth.mjs').Growth} growth @returns {string[]} */
export function misses(growth) {
  const { title, listing, pruning, expected, left } = growth;
  return [
    lookupRatio(growth) > FLAT && `${title}: lookups ×${number(lookupRatio(growth))}, at most ×${FLAT}`,
    pruningRatio(growth) > UNDISTURBED &&
      `${title}: p99 while pruning ×${number(pruningRatio(growth))}, at most ×${UNDISTURBED}`,
    pruning.pruned !== expected.pruned &&
      `${title}: ${pruning.pruned} records pruned, not ${expected.pruned}`,
    left.locks !== expected.locks && `${title}: ${left.locks} locks left, not ${expected.locks}`,
    left.faded > 0 && `${title}: faded records are left`,
    ...listing
      .filter(({ first, deep }) => !Number.isFinite(first.p95 + deep.p95))
      .map(({ sort }) => `${title}: the list by ${sort} takes longer than a statement may`),
    pruning.turnedAway > 0 && `${title}: ${pruning.turnedAway} sign-ins found the store unavailable`,
    pruning.failed > 0 && `${title}: ${pruning.failed} pruning rounds failed`,
  ].filter((miss) => miss !== false);
}
