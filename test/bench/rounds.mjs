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

/**
 * Measures each contestant once a round, each round beginning with another of them, after one round that does not
 * count. Nothing is collected in between: a forced collection throws compiled code away, too, and whoever has more of it
 * would begin each round as if the process had just started.
 *
 * @template {{ readonly name: string }} T
 * @param {readonly T[]} contestants
 * @param {number} rounds
 * @param {(contestant: T, round: number) => Promise<number>} measure Round 0 is the one that does not count.
 * @returns {Promise<Map<string, number[]>>} By name, one number a round.
 */
export async function interleave(contestants, rounds, measure) {
  /** @type {Map<string, number[]>} */
  const measured = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const value = await measure(contestant, round);
      if (round > 0) measured.get(contestant.name)?.push(value);
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
    const ratios = values.map((value, n) => {
      const own = ours[n] ?? Number.NaN;
      return better === 'more' ? own / value : value / own;
    });
    return {
      name,
      title,
      value: spread(values),
      ...(name !== against && ours.length > 0 && { ratio: spread(ratios) }),
      ...(remark && { remark }),
    };
  });
}
