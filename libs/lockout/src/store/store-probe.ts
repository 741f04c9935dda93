import type { DeadlineClock } from './deadlines.js';
import type { LockoutStore } from './lockout-store.js';
import { StoreError } from './store-error.js';

/** How long the store may take to say what time it is, ms: as long as it may take for a statement. */
const PROBE_MS = 1_000;
/** The process looks at itself so often while it waits, ms. */
const BEAT_MS = 50;
/** A beat that is so much too late tells that the process was busy: what ran out of time then may well have answered, ms. */
const BUSY_MS = 250;

/** Nothing can be said: the process was too busy itself to hear an answer. */
export class InconclusiveProbe extends Error {
  override readonly name = 'InconclusiveProbe';
}

/**
 * Asks the store for nothing but its clock: no record that somebody holds or poisoned is in the way, and no login hangs on
 * it. Resolves when it answered; rejects with {@link StoreError}, or {@link InconclusiveProbe}.
 */
export async function probe(store: Pick<LockoutStore, 'load'>, clock: DeadlineClock): Promise<void> {
  let outcome: 'answered' | StoreError | null = null;
  const asked = store.load([]).then(
    () => {
      outcome = 'answered';
    },
    (error: unknown) => {
      outcome = StoreError.from(error);
    },
  );
  const ending = (): 'answered' | StoreError | null => outcome;
  let isBusy = false;
  // Beats, not a time: a process that stands still for a second then still listens for all the others.
  for (let beats = 0; beats < PROBE_MS / BEAT_MS && ending() === null; beats += 1) {
    const at = clock.monotonic();
    await Promise.race([asked, clock.sleep(BEAT_MS)]);
    isBusy ||= clock.monotonic() - at > BEAT_MS + BUSY_MS;
  }
  const found =
    ending() ?? new StoreError('timeout', `The lockout store did not answer within ${PROBE_MS} ms.`);
  if (found === 'answered') return;
  // An answer of any kind is an answer.
  if (!found.isAboutStore) return;
  if (found.fault === 'timeout' && isBusy) {
    throw new InconclusiveProbe('The process was too busy to tell whether the store answers.', {
      cause: found,
    });
  }
  throw found;
}
