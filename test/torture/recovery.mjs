import { endOf } from './history.mjs';
import { RECOVERY_MS } from './tolerance.mjs';

/**
 * Every process recovers by itself: once the last fault is over it may refuse for want of the store for at most
 * RECOVERY_MS, and then answers again.
 *
 * @param {import('./history.mjs').History} history
 * @param {readonly import('./crew.mjs').Member[]} members
 * @param {readonly { from: number, to: number }[]} calms between storms
 * @param {readonly { from: number, to: number }[]} slow when the server itself, or the machine, kept everybody waiting
 * @returns {{ member: import('./crew.mjs').Member, calm: { from: number, to: number }, what: string }[]}
 */
export function unrecovered(history, members, calms, slow) {
  const attempts = new Map(members.map(({ number }) => [number, []]));
  for (const attempt of history.attempts.values())
    attempts.get(Number(attempt.id.split('.')[0])).push(attempt);
  const found = [];
  for (const calm of calms) {
    const judged = calm.from + RECOVERY_MS;
    if (calm.to <= judged) continue;
    for (const member of members) {
      if (member.readyAt > calm.from || member.goneAt < calm.to) continue;
      const own = attempts.get(member.number).filter((attempt) => attempt.asked >= calm.from);
      const answered = own.some((attempt) => attempt.unavailable === Infinity && endOf(attempt) <= judged);
      if (!answered) found.push({ member, calm, what: `answered nobody for ${RECOVERY_MS} ms` });
      const stalls = [...slow, ...stallsOf(member)];
      const failing = own.filter(
        ({ asked, unavailable }) =>
          asked >= judged &&
          unavailable <= calm.to &&
          !stalls.some(({ from, to }) => from <= unavailable && to >= asked),
      );
      const [first] = failing;
      if (first)
        found.push({
          member,
          calm,
          what: `${failing.length} still refused, the first from ${first.asked} to ${first.unavailable}: ${first.why}`,
        });
    }
  }
  return found;
}

/** When this process did nothing because the machine gave it no time. @param {import('./crew.mjs').Member} member */
const stallsOf = ({ steps }) =>
  steps.filter(({ e }) => e === 'stalled').map(({ t, ms }) => ({ from: t - ms, to: t }));
