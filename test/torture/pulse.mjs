import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_EVERY_MS = 100;
/** A beat that takes this long tells of a machine or server that is too busy for anybody, ms. */
const SLOW_MS = 400;

/**
 * Writes a row on the server again and again, by itself: what the library is not to be blamed for. A machine that also
 * does other work can keep everybody waiting for longer than a statement may take.
 */
export class Pulse {
  /** @type {{ from: number, to: number }[]} when a write took too long */
  slow = [];
  #beating = true;

  /** @param {import('./moment.mjs').Moment} moment @param {() => Promise<unknown>} beat */
  constructor(moment, beat) {
    this.moment = moment;
    this.done = this.#run(beat);
  }

  async #run(beat) {
    while (this.#beating) {
      const from = this.moment.now();
      const failed = await beat().then(
        () => false,
        () => true,
      );
      const to = this.moment.now();
      if (failed || to - from > SLOW_MS) this.slow.push({ from, to });
      await sleep(BEAT_EVERY_MS);
    }
  }

  async stop() {
    this.#beating = false;
    await this.done;
  }
}
