import { LAG_MS, STRAY_MS } from './tolerance.mjs';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * @typedef {object} Tried One attempt as its process reported it. Moments are ms since the start of the run; Infinity:
 *   it never came to that.
 * @property {string} id process and number
 * @property {number} slot
 * @property {string} population
 * @property {string} method
 * @property {string} account
 * @property {string} address
 * @property {number} asked
 * @property {number} admitted written before the verification began
 * @property {number} judged when its verdict was about to be settled
 * @property {'failure' | 'success' | 'abandon' | 'none' | null} verdict
 * @property {number} settled
 * @property {boolean} written whether the store took the verdict before the caller went on
 * @property {{ reason: string, policy: string, until: number | null } | null} settleRefusal
 * @property {{ policy: string, until: number | null }[]} locked locks that its failure set
 * @property {number} refused
 * @property {{ reason: string, policy: string, until: number | null } | null} refusal
 * @property {number} unavailable
 * @property {string | null} why
 * @property {number} gone when its process ended
 */

/**
 * @typedef {object} Unlock
 * @property {string} id
 * @property {string} account
 * @property {number} from
 * @property {number} to by when it had happened, if at all
 */

/**
 * @typedef {object} KeyHistory Everything that happened at one key.
 * @property {import('./population.mjs').Population} population
 * @property {Record<string, any>} policy
 * @property {string} subject account, address, or both
 * @property {Tried[]} attempts by the moment they asked
 * @property {Unlock[]} unlocks
 */

/** What the journals say, put together. */
export class History {
  /** @type {Map<string, Tried>} */
  attempts = new Map();
  /** @type {Unlock[]} */
  unlocks = [];
  /** @type {{ id: string, t: number, why: string }[]} */
  surprises = [];

  /** @param {readonly import('./crew.mjs').Member[]} members */
  constructor(members) {
    for (const member of members) this.#read(member);
  }

  /** @param {import('./crew.mjs').Member} member */
  #read({ number, slot, steps, goneAt }) {
    const unlocks = new Map();
    for (const step of steps) {
      const id = `${number}.${step.n}`;
      const attempt = this.attempts.get(id);
      switch (step.e) {
        case 'asks':
          this.attempts.set(id, {
            id,
            slot,
            population: step.p,
            method: step.m,
            account: step.a,
            address: step.i,
            asked: step.t,
            admitted: NEVER,
            judged: NEVER,
            verdict: null,
            settled: NEVER,
            written: false,
            settleRefusal: null,
            locked: [],
            refused: NEVER,
            refusal: null,
            unavailable: NEVER,
            why: null,
            gone: goneAt,
          });
          break;
        case 'admitted':
          attempt.admitted = step.t;
          break;
        case 'verdict':
          attempt.judged = step.t;
          attempt.verdict = step.v;
          break;
        case 'settled':
          attempt.settled = step.t;
          attempt.written = step.written;
          attempt.settleRefusal = step.refusal;
          attempt.locked = step.locked ?? [];
          break;
        case 'refused':
          attempt.refused = step.t;
          attempt.refusal = { reason: step.reason, policy: step.policy, until: step.until };
          break;
        case 'unavailable':
          if (attempt) Object.assign(attempt, { unavailable: step.t, why: step.why });
          else unlocks.get(step.n).to = step.t + STRAY_MS;
          break;
        case 'unlocks':
          unlocks.set(step.n, { id, account: step.a, from: step.t, to: goneAt + STRAY_MS });
          break;
        case 'unlocked':
          unlocks.get(step.n).to = step.t;
          break;
        case 'threw':
          this.surprises.push({ id, t: step.t, why: step.why });
          break;
        default:
      }
    }
    this.unlocks.push(...unlocks.values());
  }

  /** @param {readonly import('./population.mjs').Population[]} populations @returns {KeyHistory[]} */
  keys(populations) {
    /** @type {Map<string, KeyHistory>} */
    const keys = new Map();
    const byName = new Map(populations.map((population) => [population.name, population]));
    const unlocksOf = grouped(this.unlocks, ({ account }) => account);
    for (const attempt of this.attempts.values()) {
      const population = byName.get(attempt.population);
      for (const policy of population.policies) {
        const subject = subjectOf(policy, attempt);
        const name = `${policy.name} ${subject}`;
        let key = keys.get(name);
        if (!key) {
          const unlocks = population.unlocks ? (unlocksOf.get(attempt.account) ?? []) : [];
          key = { population, policy, subject, attempts: [], unlocks };
          keys.set(name, key);
        }
        key.attempts.push(attempt);
      }
    }
    for (const { attempts } of keys.values()) attempts.sort((a, b) => a.asked - b.asked);
    return [...keys.values()];
  }
}

/** @template T @param {readonly T[]} items @param {(item: T) => string} nameOf @returns {Map<string, T[]>} */
function grouped(items, nameOf) {
  const groups = new Map();
  for (const item of items) {
    const name = nameOf(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
}

/** What of an attempt a policy counts by. @param {Record<string, any>} policy @param {{ account: string, address: string }} attempt */
export const subjectOf = ({ scope = ['account'] }, attempt) =>
  scope.map((part) => attempt[part]).join(' at ');

/** When an attempt ended for its caller, one way or another. @param {Tried} tried */
export const endOf = ({ settled, refused, unavailable, gone }) =>
  Math.min(settled, refused, unavailable, gone);

/** Earliest date of the failure that an unsettled charge becomes. @param {Record<string, any>} policy @param {Tried} tried */
export const deadlineOf = (policy, { asked }) => asked - LAG_MS + policy.attemptTimeoutMs;

/**
 * The earliest date that a failure of this attempt can carry in the store; Infinity: it left none. A charge counts by
 * itself when nobody settles it in time: its process was killed, it was forgotten, or the store took neither the verdict
 * nor (of an attempt that was told "unavailable") the charge back.
 *
 * @param {Record<string, any>} policy
 * @param {Tried} tried
 */
export function failsFrom(policy, tried) {
  if (tried.refusal) return NEVER;
  const deadline = deadlineOf(policy, tried);
  const { admitted, verdict, judged, settled, written } = tried;
  if (admitted === NEVER) return deadline;
  if (verdict === 'failure' || verdict === 'abandon') return Math.min(judged - LAG_MS, deadline);
  if (verdict === 'success' && written && settled < deadline) return NEVER;
  return deadline;
}

/** Whether the store confirmed a failure of it. @param {Tried} tried */
export const isConfirmedFailure = ({ verdict, written }) => verdict === 'failure' && written;

/** How much of a budget these attempts take. @param {Record<string, any>} policy @param {readonly Tried[]} attempts */
export const weightOf = ({ weights }, attempts) =>
  attempts.reduce((sum, { method }) => sum + (weights?.[method] ?? 1), 0);
