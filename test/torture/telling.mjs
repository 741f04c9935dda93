const NEVER = Number.POSITIVE_INFINITY;
/** Steps of a key's history that are shown; of a longer one the first and the last. */
const MAX_STEPS = 120;

const at = (ms) => `${(ms / 1000).toFixed(3).padStart(9)} s`;
const ending = (until, momentOf) =>
  until === null ? 'until unlocked' : `until ${at(momentOf(until)).trim()}`;

/**
 * The history of one key, a line a step, for a person to read.
 *
 * @param {import('./history.mjs').KeyHistory} key
 * @param {(epochMs: number) => number} momentOf
 */
export function tellKey({ policy, subject, attempts, unlocks }, momentOf) {
  /** @type {{ t: number, text: string }[]} */
  const steps = [];
  const add = (t, text) => t < NEVER && steps.push({ t, text });
  for (const attempt of attempts) {
    const { id, slot, refusal, settleRefusal, locked, written } = attempt;
    const who = `${id.padStart(8)} (slot ${slot})`;
    add(attempt.asked, `${who} asks${policy.scope ? ` as ${attempt.account} from ${attempt.address}` : ''}`);
    add(attempt.admitted, `${who} is admitted`);
    add(attempt.judged, `${who} ends in: ${attempt.verdict}`);
    const told = settleRefusal
      ? `, refused by ${settleRefusal.policy} ${ending(settleRefusal.until, momentOf)}`
      : '';
    const locks = locked.map((lock) => `, ${lock.policy} locks ${ending(lock.until, momentOf)}`).join('');
    add(attempt.settled, `${who} is settled${written ? '' : ', not written yet'}${told}${locks}`);
    if (refusal)
      add(
        attempt.refused,
        `${who} is refused: ${refusal.reason} by ${refusal.policy}` +
          (refusal.reason === 'locked' ? ` ${ending(refusal.until, momentOf)}` : ''),
      );
    add(attempt.unavailable, `${who} is told that the store does not answer`);
    if (
      attempt.gone < NEVER &&
      ![attempt.settled, attempt.refused, attempt.unavailable].some((t) => t < NEVER)
    )
      add(attempt.gone, `${who} is gone: its process ended`);
  }
  for (const { id, from, to } of unlocks) {
    add(from, `${id.padStart(8)} begins to unlock`);
    add(to, `${id.padStart(8)} has unlocked by now, if at all`);
  }
  steps.sort((a, b) => a.t - b.t);
  const lines = steps.map(({ t, text }) => `${at(t)}  ${text}`);
  const half = MAX_STEPS / 2;
  const told =
    lines.length <= MAX_STEPS
      ? lines
      : [...lines.slice(0, half), `… ${lines.length - MAX_STEPS} steps …`, ...lines.slice(-half)];
  return [`${policy.name} ${subject}: ${JSON.stringify(policy)}`, ...told].join('\n');
}
