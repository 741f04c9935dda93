import { createHash, randomBytes } from 'node:crypto';
import {
  days,
  definePolicies,
  EMPTY_STATE,
  hours,
  keepUntil,
  minutes,
  transition,
} from 'nestjs-lockout/policy';

/** The two counters of every sign-in here. */
export const POLICIES = definePolicies([
  {
    name: 'account',
    threshold: 5,
    window: { kind: 'idle', durationMs: days(1) },
    schedule: { kind: 'fixed', durationMs: hours(12) },
  },
  {
    name: 'address',
    scope: ['address'],
    threshold: 50,
    window: { kind: 'idle', durationMs: days(1) },
    schedule: { kind: 'fixed', durationMs: hours(12) },
  },
]);
const [ACCOUNT, ADDRESS] = /** @type {[any, any]} */ ([...POLICIES]);

export const SECRET = 'a secret that all processes of the benchmark share';

/**
 * What the records of a database are. The first `faded` say nothing any more, the next `locked` are accounts under a
 * lock, the rest count inside their window; every second of those that are not locked is an address.
 *
 * @typedef {{ readonly keys: number, readonly faded: number, readonly locked: number }} Shares
 */

/** The key of record `n`: spread evenly, as hashes are. @param {number} n */
export const keyOf = (n) => /** @type {any} */ (createHash('sha256').update(`key ${n}`).digest('hex'));

/** @param {Shares} shares @param {number} n */
export const isAddress = ({ faded, locked }, n) => n % 2 === 1 && (n < faded || n >= faded + locked);

/**
 * The record `n`, as a swap that inserts it. Its history is folded by the rule, so the row is what a site would have.
 *
 * @param {Shares} shares
 * @param {number} n
 * @param {number} now Of the store, epoch ms.
 */
export function record(shares, n, now) {
  const byAddress = isAddress(shares, n);
  const policy = byAddress ? ADDRESS : ACCOUNT;
  const isFaded = n < shares.faded;
  const isLocked = !isFaded && n < shares.faded + shares.locked;
  const failures = isLocked ? 5 : 1 + (n % 3);
  // Spread over hours, and none that fades while the benchmark runs.
  const last = now - (isFaded ? days(3) : minutes(1)) - ((Math.imul(n, 2_654_435_761) >>> 0) % hours(10));
  let state = EMPTY_STATE;
  for (let failure = failures; failure > 0; failure -= 1) {
    const at = last - failure * 1_000;
    const id = randomBytes(9).toString('base64url');
    state = transition(policy, state, { type: 'charge', id, method: 'password' }, at).state;
    state = transition(policy, state, { type: 'fail', id }, at + 200).state;
  }
  const hash = createHash('sha256').update(`subject ${n}`).digest('hex');
  return {
    key: keyOf(n),
    expected: null,
    version: randomBytes(8).toString('hex'),
    state,
    facts: {
      realm: 'default',
      counter: policy.counter,
      scope: byAddress ? 'address' : 'account',
      accountHash: /** @type {any} */ (byAddress ? null : hash),
      addressHash: /** @type {any} */ (byAddress ? hash : null),
      accountLabel: null,
      addressLabel: null,
    },
    keepUntil: keepUntil(policy, state),
    events: [],
  };
}
