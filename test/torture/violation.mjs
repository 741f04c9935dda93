import { brokenBound } from './bound.mjs';
import { wrongLedger } from './ledger.mjs';
import { firstBudget } from './lock-length.mjs';
import { brokenPromise, knownLocks, refusalWithoutCause, wrongLength } from './promise.mjs';
import { unrecovered } from './recovery.mjs';
import { tellKey } from './telling.mjs';

/**
 * @typedef {object} Violation
 * @property {string} promise which one was broken
 * @property {string} what happened, in a line
 * @property {string} account the history of the key
 */

const shown = (ms) => (Number.isFinite(ms) ? `${Math.round(ms)} ms` : 'for ever');

/**
 * What was reported so far, held against the promises.
 *
 * @param {object} run
 * @param {import('./history.mjs').History} run.history
 * @param {readonly import('./population.mjs').Population[]} run.populations
 * @param {readonly import('./crew.mjs').Member[]} run.members
 * @param {readonly { from: number, to: number }[]} run.calms
 * @param {readonly { from: number, to: number }[]} run.slow
 * @param {(epochMs: number) => number} run.momentOf
 * @param {((key: import('./history.mjs').KeyHistory) => any) | null} run.stateOf what the store holds at the end
 * @returns {Violation[]}
 */
export function violations({ history, populations, members, calms, slow, momentOf, stateOf }) {
  /** @type {Violation[]} */
  const found = [];
  for (const { id, t, why } of history.surprises)
    found.push({ promise: 'nothing unexpected', what: `process ${id} at ${shown(t)}: ${why}`, account: '' });
  for (const { number, end, errors, readyAt, goneAt } of members) {
    if (end === 'died')
      found.push({
        promise: 'every process recovers',
        what: `process ${number} died by itself at ${shown(goneAt)}, ready since ${shown(readyAt)}`,
        account: errors,
      });
  }
  for (const { member, calm, what } of unrecovered(history, members, calms, slow))
    found.push({
      promise: 'every process recovers',
      what: `process ${member.number} (slot ${member.slot}), calm from ${shown(calm.from)}: ${what}`,
      account: '',
    });
  for (const key of history.keys(populations)) {
    const locks = knownLocks(key, momentOf);
    const tell = (promise, what) =>
      found.push({
        promise,
        what: `${key.policy.name} ${key.subject}: ${what}`,
        account: tellKey(key, momentOf),
      });

    const bound = brokenBound(key);
    if (bound)
      tell(
        'P1 the bound',
        `${bound.held} verifications at ${shown(bound.at)} of a budget of ${bound.budget}`,
      );
    const promise = brokenPromise(key, locks);
    if (promise)
      tell(
        'P2 a lock never ends early',
        `attempt ${promise.attempt.id} ${promise.what} at ${shown(promise.attempt[promise.what === 'admitted' ? 'admitted' : 'settled'])}, ` +
          `under a lock until ${shown(promise.lock.until)} that attempt ${promise.lock.by.id} was told of at ${shown(promise.lock.known)}`,
      );
    const length = wrongLength(key, locks);
    if (length)
      tell(
        'R28 no wall clock moves a lock',
        `the lock until ${shown(length.lock.until)} that attempt ${length.lock.by.id} was told of at ${shown(length.lock.known)} is ${length.what}`,
      );
    const refusal = refusalWithoutCause(key, momentOf, firstBudget(key.policy));
    if (refusal)
      tell('no refusal without cause', `attempt ${refusal.attempt.id} was refused, but ${refusal.why}`);
    const ledger = stateOf && wrongLedger(key, stateOf(key));
    if (ledger) tell('no failure is lost', ledger);
  }
  return found;
}
