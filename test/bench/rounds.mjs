import { setImmediate as nextTurn } from 'node:timers/promises';
import { spread } from './statistics.mjs';

const LEFT_OVER_TURNS = 3;

/**
 * One line of a table. `ratio`: how many times better ours is, round by round; absent for ours and where nothing is
 * compared.
 *
 * `isSettled`: whether the rounds say who is ahead.
 *
 * @typedef {{ readonly name: string, readonly title: string, readonly value: import('./statistics.mjs').Spread,
 *   readonly ratio?: import('./statistics.mjs').Spread, readonly isSettled?: boolean, readonly remark?: string }} Row
 *
 * What was measured, by name; one number a round, null where a round was not measured.
 *
 * @typedef {Readonly<Record<string, readonly (number | null)[]>>} Rounds
 *
 * @typedef {{ readonly done: number, readonly perSecond: number, readonly results: Readonly<Record<string, number>> }} Load
 */

/**
 * What somebody leaves to the event loop is part of their time, not of the next one's: a driver whose calls are synchronous
 * frees its statements only now, which can take longer than the calls did.
 */
async function leftOver() {
  for (let turn = 0; turn < LEFT_OVER_TURNS; turn += 1) await nextTurn();
}

/**
 * So many callers, each deciding one attempt after the other, for so long.
 *
 * @param {import('./peers/peer.mjs').OpenPeer['attempt']} attempt
 * @param {{ callers: number, ms: number, next: () => import('./subjects.mjs').Subject,
 *   verify: () => Promise<boolean> }} load
 * @returns {Promise<Load>}
 */
export async function runLoad(attempt, { callers, ms, next, verify }) {
  /** @type {Record<string, number>} */
  const results = { success: 0, failure: 0, refused: 0, error: 0 };
  const start = performance.now();
  const end = start + ms;
  const caller = async () => {
    while (performance.now() < end) {
      let result;
      try {
        result = await attempt(next(), verify);
      } catch (error) {
        result = 'error';
        firstError ??= error;
      }
      results[result] = (results[result] ?? 0) + 1;
    }
  };
  /** @type {unknown} */
  let firstError;
  await Promise.all(Array.from({ length: callers }, caller));
  await leftOver();
  const elapsed = performance.now() - start;
  const done = (results['success'] ?? 0) + (results['failure'] ?? 0) + (results['refused'] ?? 0);
  if (done === 0) throw new Error('Not one attempt was decided.', { cause: firstError });
  return { done, perSecond: (done / elapsed) * 1000, results };
}

/** Rounds that say little about who is ahead are followed by more, up to this many times what was planned. */
const AT_MOST = 4;

/** @param {number} ratio */
const isNear = (ratio) => Math.abs(ratio - 1) < 0.1;

/**
 * Who is ahead is settled where all rounds say the same and none of them narrowly, or where at most one in five of at
 * least five says otherwise.
 *
 * @param {readonly number[]} ratios One a round.
 */
export function isSettled(ratios) {
  const ahead = ratios.filter((ratio) => ratio > 1).length;
  const fewer = Math.min(ahead, ratios.length - ahead);
  return ratios.length < 5 ? fewer === 0 && !ratios.some(isNear) : fewer / ratios.length <= 0.2;
}

/** @param {readonly (number | null)[]} values @param {readonly (number | null)[]} others By round. */
const ratiosOf = (values, others) =>
  values.flatMap((value, round) => {
    const other = others[round] ?? null;
    return value === null || other === null ? [] : [other / value];
  });

/**
 * Measures each contestant once a round, each round beginning with another of them, after one round that does not
 * count. Those of which the rounds do not settle who is ahead are measured again, with ours, until they do or it is
 * plain that they will not. Nothing is collected in between: a forced collection throws compiled code away, too, and
 * whoever has more of it would begin each round as if the process had just started.
 *
 * @template {{ readonly name: string }} T
 * @param {readonly T[]} contestants
 * @param {number} rounds
 * @param {(contestant: T, round: number) => Promise<number>} measure Round 0 is the one that does not count.
 * @param {string} [against] With whose line the others are compared. Default: ours.
 * @returns {Promise<Rounds>}
 */
export async function interleave(contestants, rounds, measure, against = 'ours') {
  /** @type {Record<string, (number | null)[]>} */
  const measured = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  const own = measured[against] ?? [];
  const isOpen = (/** @type {T} */ { name }) => !isSettled(ratiosOf(measured[name] ?? [], own));
  for (let round = 0; round <= rounds * AT_MOST; round += 1) {
    const open =
      round <= rounds ? contestants : contestants.filter((one) => one.name !== against && isOpen(one));
    if (open.length === 0) break;
    const running =
      round <= rounds ? open : contestants.filter((one) => one.name === against || open.includes(one));
    const first = round % running.length;
    if (round > 0) for (const values of Object.values(measured)) values.push(null);
    for (const contestant of [...running.slice(first), ...running.slice(0, first)]) {
      const value = await measure(contestant, round);
      if (round > 0) measured[contestant.name]?.splice(round - 1, 1, value);
    }
  }
  return measured;
}

/**
 * @param {readonly { readonly name: string, readonly title: string, readonly remark?: string }[]} contestants
 * @param {Rounds} measured
 * @param {'more' | 'less'} better
 * @param {string} [against] Whose line the others are compared with. Default: ours.
 * @returns {Row[]}
 */
export function rowsOf(contestants, measured, better, against = 'ours') {
  const ours = measured[against] ?? [];
  return contestants.map(({ name, title, remark }) => {
    const values = measured[name] ?? [];
    const ratios = ratiosOf(values, ours).map((ratio) => (better === 'more' ? ratio : 1 / ratio));
    return {
      name,
      title,
      value: spread(values.filter((value) => value !== null)),
      ...(name !== against && ratios.length > 0 && { ratio: spread(ratios), isSettled: isSettled(ratios) }),
      ...(remark && { remark }),
    };
  });
}

/** What the machine does by the hour turns a ratio between these. */
const DOUBT = { from: 0.7, to: 1.4 };

/** Whether another look, minutes later, could say something else of who is ahead. @param {Row} row */
export const isDoubtful = ({ ratio, isSettled: isClear }) =>
  ratio !== undefined && (!isClear || (ratio.median > DOUBT.from && ratio.median < DOUBT.to));

/** Whether all looks together do not say who is ahead. @param {Row} row */
export const isOpen = ({ ratio, isSettled: isClear }) => ratio !== undefined && !isClear;

/**
 * The same table of the rounds of all looks.
 *
 * @param {import('./report.mjs').Table} first Of all its contestants.
 * @param {import('./report.mjs').Table} second Of some of them.
 * @returns {import('./report.mjs').Table}
 */
export function together(first, second) {
  const count = Math.max(...Object.values(second.rounds).map(({ length }) => length));
  const rounds = Object.fromEntries(
    Object.entries(first.rounds).map(([name, values]) => [
      name,
      [...values, ...(second.rounds[name] ?? Array.from({ length: count }, () => null))],
    ]),
  );
  return { ...first, rounds, rows: rowsOf(first.rows, rounds, first.better) };
}
