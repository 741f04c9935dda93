// One process of a torture run: many visitors at once sign in through an engine of its own, on the shared store.
// Started by crew.mjs with one JSON argument; told on standard input to stop. What it does is in its journal.
import { Chance } from './chance.mjs';
import { Journal } from './journal.mjs';
import { Moment } from './moment.mjs';
import { drawPopulations } from './population.mjs';
import { skewDate } from './skewed-date.mjs';
import { nextVisit } from './visit.mjs';

const task = JSON.parse(process.argv[2]);
const chance = Chance.of(task.seed, task.number);
// Before anything that could look at the clock is loaded.
if (task.skew) skewDate({ ...task.skew, pick: () => chance.int(-1_000, 1_000) / 1_000 });
const { LockoutEngine } = await import('nestjs-lockout');
const { definePolicies } = await import('nestjs-lockout/policy');
const { openStore } = await import('./store-connection.mjs');
const { flawedStore } = await import('./flawed-store.mjs');

const START_MS = 20_000;
const SWEEP_EVERY_MS = 1_500;
const TOTALS_EVERY_MS = 500;
/** A pause of the whole process as long as this is told, ms. */
const STALL_MS = 300;
const TICK_MS = 50;
/** Between two attempts of a visitor, ms; after a refusal, people take longer. */
const PAUSE_MS = { min: 1, max: 25 };
const REFUSED_PAUSE_MS = { min: 20, max: 160 };
/** How long settles that wait for the store are waited for at the end, ms. */
const DRAIN_MS = 6_000;

const journal = new Journal(task.journal, new Moment(BigInt(task.start)));
const now = () => journal.moment.now();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const told = (error) => `${error?.name}: ${error?.message}${error?.cause ? ` (${told(error.cause)})` : ''}`;

const populations = drawPopulations(task.seed);
const store = await patiently(async () => (await openStore(task.connection)).store);
const engine = new LockoutEngine({
  store: task.flaw ? flawedStore(store, task.flaw) : store,
  secrets: [task.secret],
  policies: definePolicies(populations.flatMap(({ policies }) => policies)),
});

/** A process that is started while the server is down is started again by whatever runs it. */
async function patiently(start) {
  for (const giveUpAt = now() + START_MS; ; ) {
    try {
      return await start();
    } catch (error) {
      if (now() > giveUpAt) throw error;
      await sleep(200);
    }
  }
}

let stopping = false;
let asked = 0;

const refusalOf = (refusal) =>
  refusal && { reason: refusal.reason, policy: refusal.policy, until: refusal.retryAt };

/** The engine freezes the settlement of what it could not write yet (R32). */
const isWritten = (settlement) => !Object.isFrozen(settlement);

/** One attempt, as an application makes it. @param {import('./visit.mjs').Visit} visit */
async function attempt({ population, method, account, address, verdict, verifyMs }) {
  const n = asked++;
  journal.write({ e: 'asks', n, p: population.name, m: method, a: account, i: address });
  const begun = await engine.begin({ account, address, method });
  if (!begun.allowed) {
    journal.write({ e: 'refused', n, ...refusalOf(begun.refusal) });
    return false;
  }
  journal.write({ e: 'admitted', n });
  if (verifyMs > 0) await sleep(verifyMs);
  journal.write({ e: 'verdict', n, v: verdict });
  if (verdict === 'none') return true;
  const settlement = await (verdict === 'success'
    ? begun.attempt.succeed()
    : verdict === 'failure'
      ? begun.attempt.fail()
      : begun.attempt.abandon());
  const { locked } = settlement;
  journal.write({
    e: 'settled',
    n,
    written: isWritten(settlement),
    refusal: refusalOf(settlement.refusal),
    ...(locked.length > 0 && { locked }),
  });
  return true;
}

async function unlock(account) {
  const n = asked++;
  journal.write({ e: 'unlocks', n, a: account });
  await engine.unlock({ account }, { by: 'torture', reason: 'pardoned' });
  journal.write({ e: 'unlocked', n });
}

/** @param {() => Promise<unknown>} act */
async function tried(act) {
  const n = asked;
  try {
    return await act();
  } catch (error) {
    if (error?.code === 'LOCKOUT_UNAVAILABLE') journal.write({ e: 'unavailable', n, why: told(error.cause) });
    else journal.write({ e: 'threw', n, why: error?.stack ?? String(error) });
    return false;
  }
}

const between = ({ min, max }) => sleep(chance.int(min, max));

async function visitor() {
  await between(REFUSED_PAUSE_MS);
  while (!stopping) {
    const visit = nextVisit(chance, populations, now());
    const pardon = visit.population.unlocks && chance.happens(0.05);
    const admitted = await tried(() => (pardon ? unlock(visit.account) : attempt(visit)));
    await between(admitted ? PAUSE_MS : REFUSED_PAUSE_MS);
  }
}

process.on('unhandledRejection', (error) => {
  journal.write({ e: 'threw', why: `unhandled: ${/** @type {any} */ (error)?.stack ?? error}` });
});
process.stdin.once('data', () => {
  stopping = true;
});
const totals = () => journal.write({ e: 'totals', ...engine.totals });
setInterval(totals, TOTALS_EVERY_MS).unref();
setInterval(() => void engine.sweeper.sweep().catch(() => {}), SWEEP_EVERY_MS).unref();

let lastTick = now();
setInterval(() => {
  const ms = now() - lastTick - TICK_MS;
  if (ms > STALL_MS) journal.write({ e: 'stalled', ms });
  lastTick = now();
}, TICK_MS).unref();

journal.write({ e: 'starts' });
console.log('ready');
await Promise.all(Array.from({ length: task.visitors }, visitor));
for (const end = now() + DRAIN_MS; engine.totals.unwrittenSettles > 0 && now() < end; ) await sleep(50);
totals();
journal.write({ e: 'ends' });
process.exit(0);
