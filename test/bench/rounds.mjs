import { setImmediate as nextTurn } from 'node:timers/promises';
import { spread } from './statistics.mjs';

const LEFT_OVER_TURNS = 3;

/**
 * One line of a table. `ratio`: how many times better ours is, round by round; absent for ours and where nothing is
 * compared.
 *
 * @typedef {{ readonly name: string, readonly title: string, readonly value: import('./statistics.mjs').Spread,
 *   readonly ratio?: import('./statistics.mjs').Spread, readonly remark?: string }} Row
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

/** @param {readonly number[]} values @param {readonly number[]} others By round; what is missing in one is left out. */
const ratiosOf = (values, others) =>
  values.flatMap((value, round) => {
    const other = others[round];
    return other === undefined ? [] : [other / value];
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
 * @returns {Promise<Map<string, number[]>>} By name, one number a round; a round in which one was not measured is a hole.
 */
export async function interleave(contestants, rounds, measure, against = 'ours') {
  /** @type {Map<string, number[]>} */
  const measured = new Map(contestants.map(({ name }) => [name, []]));
  const own = measured.get(against) ?? [];
  const isOpen = (/** @type {T} */ { name }) => !isSettled(ratiosOf(measured.get(name) ?? [], own));
  for (let round = 0; round <= rounds * AT_MOST; round += 1) {
    const open =
      round <= rounds ? contestants : contestants.filter((one) => one.name !== against && isOpen(one));
    if (open.length === 0) break;
    const running =
      round <= rounds ? open : contestants.filter((one) => one.name === against || open.includes(one));
    const first = round % running.length;
    for (const contestant of [...running.slice(first), ...running.slice(0, first)]) {
      const value = await measure(contestant, round);
      const values = measured.get(contestant.name);
      if (round > 0 && values) values[round - 1] = value;
    }
  }
  return measured;
}

/**
 * @param {readonly { readonly name: string, readonly title: string, readonly remark?: string }[]} contestants
 * @param {ReadonlyMap<string, readonly number[]>} measured
 * @param {'more' | 'less'} better
 * @param {string} [against] Whose line the others are compared with. Default: ours.
 * @returns {Row[]}
 */
export function rowsOf(contestants, measured, better, against = 'ours') {
  const ours = measured.get(against) ?? [];
  return contestants.map(({ name, title, remark }) => {
    const values = measured.get(name) ?? [];
    const ratios = ratiosOf(values, ours).map((ratio) => (better === 'more' ? ratio : 1 / ratio));
    return {
      name,
      title,
      value: spread(values.flat()),
      ...(name !== against && ours.length > 0 && { ratio: spread(ratios) }),
      ...(remark && { remark }),
    };
  });
}
