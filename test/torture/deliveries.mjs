import { setTimeout as sleep } from 'node:timers/promises';
import { Chance } from './chance.mjs';
import { DeliveryCrew } from './delivery-crew.mjs';
import { STEPS } from './delivery-kill.mjs';
import { deliveryViolations } from './delivery-laws.mjs';
import { DeliveryReceiver } from './delivery-receiver.mjs';
import { openStore } from './store-connection.mjs';
import { startTarget } from './target.mjs';

const SECRET = 'a secret that all processes of a torture run share';
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const PROCESSES = 3;
/** Short, so that what a dead process had is soon another's; but a machine that pauses now and then is in time. */
const DELIVERY = { pollMs: 60, leaseMs: 2_000, timeoutMs: 1_000 };
/** Accounts that all rounds try. */
const ACCOUNTS = 4;
/** Acts of one account in a round. */
const ACTS = { min: 1, max: 4 };
const WEIGHTS = { fail: 12, succeed: 3, unlock: 5 };
/** Who does not come to its step by itself is given more to do, ms. */
const MORE_AFTER_MS = 40;
const STEP_TIMEOUT_MS = 60_000;
/** Longer than the pause after the sixth try, which what a slow machine handed out too late for its lease may come to. */
const DRAIN_TIMEOUT_MS = 60_000;
const PAGE = 200;
/** Deliveries that are told one by one where some are left. */
const TOLD = 20;

/**
 * @typedef {object} DeliveriesOptions
 * @property {string} server
 * @property {number} seed
 * @property {number} rounds in each of which one of three processes is killed
 * @property {string | null} [flaw] one of `flawed-outbox.mjs`
 * @property {import('./store-connection.mjs').StoreConnection | null} [connection] an empty database; default: a server of its own
 */

/**
 * Three processes write events and deliver them; in each round one of them is killed at a step between a swap and the end
 * of a delivery. A receiver outside the library holds what came against the audit record.
 *
 * @param {DeliveriesOptions} options
 */
export async function deliveries({ server, seed, rounds, flaw = null, connection = null }) {
  const startedAt = performance.now();
  const target = connection ? null : await startTarget(server);
  const where = connection ?? target.connection;
  const chance = Chance.of(seed, 5_000_000);
  const receiver = new DeliveryReceiver(WEBHOOK_SECRET, Chance.of(seed, 6_000_000));
  const { store, close } = await openStore(where, { migrate: true });
  const task = {
    connection: where,
    receiver: await receiver.listen(),
    secret: SECRET,
    webhookSecret: WEBHOOK_SECRET,
    flaw,
    delivery: DELIVERY,
  };
  const crew = new DeliveryCrew(task, PROCESSES + rounds - 1);
  try {
    await crew.start(PROCESSES);
    const run = new Run(crew, receiver, chance);
    const look = async () => {
      const recorded = await everything(store);
      const { arrivals } = receiver;
      const acrossRecords = where.kind !== 'redis';
      return { recorded, found: deliveryViolations({ recorded, arrivals, acts: run.acts, acrossRecords }) };
    };
    for (let round = 0; round < rounds; round += 1) {
      await run.round(round);
      // What came in a wrong order stays so; what has not come yet may still be on its way.
      if (flaw && (await look()).found.some(({ promise }) => promise === 'in order')) break;
    }
    await Promise.all(crew.members.map((worker) => worker.ask({ do: 'rest' })));
    const left = await drained(store);
    const { recorded, found } = await look();
    if (left !== '') found.push({ promise: 'the outbox empties', what: left, account: '' });
    for (const what of receiver.forged) found.push({ promise: 'everything is signed', what, account: '' });
    for (const what of crew.all.flatMap(({ faults }) => faults))
      found.push({ promise: 'nothing is thrown that nobody catches', what, account: '' });
    return {
      server,
      seed,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
      reasons: run.reasons,
      totals: totalsOf(recorded, receiver, run),
      violations: found,
    };
  } finally {
    await crew.end();
    await receiver.close();
    await close();
    await (target?.server ?? target)?.stop?.();
  }
}

class Run {
  /** @type {import('./delivery-laws.mjs').Act[]} */
  acts = [];
  /** @type {Record<string, number>} */
  kills = Object.fromEntries(STEPS.map((step) => [step, 0]));
  /** @type {Record<string, number>} */
  reasons = {};
  #moment = 0;
  /** @type {Map<string, Promise<void>>} what an account is at: one act begins when the one before is over */
  #busy = new Map();

  constructor(crew, receiver, chance) {
    this.crew = crew;
    this.receiver = receiver;
    this.chance = chance;
  }

  /** One of the processes is killed at one of the steps, while all of them are at work. @param {number} round */
  async round(round) {
    const { crew, chance } = this;
    const step = STEPS[round % STEPS.length] ?? '';
    const victim = chance.pick(crew.members);
    this.receiver.onArrival = (number) => {
      if (step !== 'during-deliver' || number !== victim.number || victim.isGone) return false;
      victim.kill();
      return true;
    };
    await victim.ask({ do: 'arm', step });
    for (let n = 0; n < ACCOUNTS; n += 1) {
      const count = chance.int(ACTS.min, ACTS.max);
      for (let act = 0; act < count; act += 1) {
        void this.act(chance.pick(crew.members), chance.weighted(WEIGHTS), `account-${n}`);
      }
    }
    const giveUpAt = performance.now() + STEP_TIMEOUT_MS;
    for (let more = 0; !victim.isGone; more += 1) {
      // Nobody else has a share in it, so that there is surely something to write and to deliver.
      void this.act(victim, 'fail', `alone-${round}-${more}`);
      await Promise.race([victim.gone, sleep(MORE_AFTER_MS)]);
      if (performance.now() > giveUpAt)
        throw new Error(`Round ${round}: a process did not come to the step ${step}.`);
    }
    this.kills[step] += 1;
    await crew.replace(victim);
    await Promise.all(this.#busy.values());
    this.#busy.clear();
  }

  /** After whatever that account is at. */
  act(worker, what, account) {
    const mark = `act ${this.acts.length + 1}`;
    const act = { mark, account, from: Infinity, to: Infinity };
    this.acts.push(act);
    const before = this.#busy.get(account) ?? Promise.resolve();
    const after = before.then(async () => {
      this.#moment += 1;
      act.from = this.#moment;
      const address = `192.0.2.${(act.from % 3) + 1}`;
      const answer = await worker.ask({ do: what, account, address, mark });
      this.#moment += 1;
      if (answer && !answer.error) act.to = this.#moment;
      if (answer?.error) this.reasons[answer.error] = (this.reasons[answer.error] ?? 0) + 1;
    });
    this.#busy.set(account, after);
    return after;
  }
}

/** Waits until nothing is left to deliver; what is left when that takes too long. */
async function drained(store) {
  const giveUpAt = performance.now() + DRAIN_TIMEOUT_MS;
  for (;;) {
    const state = await store.outboxState();
    const left = state.filter(({ waiting, dead }) => waiting + dead > 0);
    if (left.length === 0) return '';
    if (performance.now() > giveUpAt || left.some(({ dead }) => dead > 0)) return leftText(store, left);
    await sleep(30);
  }
}

/** What is left, and why it was not delivered: how often it was tried, when it is tried next, and what was wrong. */
async function leftText(store, left) {
  const { now } = await store.load([]);
  const pages = await Promise.all(
    ['waiting', 'dead'].map((state) => store.deliveries({ state, limit: TOLD })),
  );
  const each = pages.flatMap(({ items }) =>
    items.map(
      ({ id, tries, dueAt, problem, event }) =>
        `${id}: ${event.id}, tried ${tries} times, next in ${dueAt - now} ms; ${problem ?? 'nothing was wrong'}`,
    ),
  );
  return [JSON.stringify(left), ...each].join('\n');
}

/** The audit record, oldest first. */
async function everything(store) {
  const events = [];
  for (let cursor; ; ) {
    const page = await store.list({ limit: PAGE, ...(cursor && { cursor }) });
    events.push(...page.items);
    if (page.nextCursor === null) return events.reverse();
    cursor = page.nextCursor;
  }
}

function totalsOf(recorded, { arrivals, errors }, { kills, acts }) {
  const count = (type) => recorded.filter(({ event }) => event.type === type).length;
  return {
    rounds: Object.values(kills).reduce((sum, n) => sum + n, 0),
    ...Object.fromEntries(Object.entries(kills).map(([step, n]) => [`killed ${step}`, n])),
    acts: acts.length,
    events: recorded.length,
    ...Object.fromEntries(['locked', 'expired', 'unlocked', 'failed'].map((type) => [type, count(type)])),
    arrivals: arrivals.length,
    repeats: arrivals.length - new Set(arrivals.map(({ id }) => id)).size,
    answeredWithErrors: errors,
  };
}
