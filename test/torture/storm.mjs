import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Faults What was done to the run so far.
 * @property {number} kills
 * @property {number} restarts
 * @property {number} cut
 * @property {number} disturbed
 * @property {number} deadlocks by the server's count
 * @property {number} ownDeadlocks those that ended the saboteur instead of the store
 */

const pause = { kill: [900, 2_200], cut: [250, 700], disturb: [20, 90], down: [100, 1_200] };

/** Everything goes wrong for a while: processes, connections, the server and its rows. */
export class Storm {
  /** @type {Faults} */
  faults = { kills: 0, restarts: 0, cut: 0, disturbed: 0, deadlocks: 0, ownDeadlocks: 0 };
  raging = false;
  #over = new AbortController();
  #deadlocksSeen = 0;
  #serverIsUp = true;

  /**
   * @param {import('./chance.mjs').Chance} chance
   * @param {import('./target.mjs').Target} target
   * @param {import('./crew.mjs').Crew} crew
   * @param {number} slots
   * @param {() => readonly string[]} hotAccounts keyed hashes of accounts that are tried right now
   */
  constructor(chance, target, crew, slots, hotAccounts) {
    this.chance = chance;
    this.target = target;
    this.crew = crew;
    this.slots = slots;
    this.hotAccounts = hotAccounts;
  }

  /** Now, and no other one follows. */
  end() {
    this.raging = false;
    this.#over.abort();
  }

  /** Shorter if there is an end to it all. @param {number} ms */
  async sleep(ms) {
    await sleep(ms, undefined, { signal: this.#over.signal }).catch(() => {});
  }

  /** @param {number} ms */
  async rage(ms) {
    this.raging = !this.#over.signal.aborted;
    const calm = this.sleep(ms).then(() => {
      this.raging = false;
    });
    await Promise.all([
      calm,
      this.#again(pause.kill, () => this.#killProcess()),
      this.#again(pause.cut, () => this.#cut()),
      this.#again(pause.disturb, () => this.#disturb()),
      this.#again(pause.disturb, () => this.#disturb()),
      this.#restartServer(ms),
    ]);
    await this.countDeadlocks();
  }

  async #again([min, max], act) {
    await this.sleep(this.chance.int(0, min));
    while (this.raging) {
      // A fault that fails because of another one is no matter.
      await act().catch(() => {});
      await this.sleep(this.chance.int(min, max));
    }
  }

  async #killProcess() {
    await this.crew.replace(this.chance.int(0, this.slots - 1));
    this.faults.kills += 1;
  }

  async #cut() {
    this.faults.cut += await this.target.cut(this.chance.int(1, 6));
  }

  async #disturb() {
    if (!this.#serverIsUp) return;
    const ended = await this.target.disturb(this.hotAccounts(), this.chance.int(2, 20));
    this.faults.disturbed += 1;
    if (ended) this.faults.ownDeadlocks += 1;
  }

  async #restartServer(ms) {
    const { server } = this.target;
    if (!server) return;
    await this.sleep(ms * (0.2 + this.chance.int(0, 40) / 100));
    if (!this.raging) return;
    await this.countDeadlocks();
    this.#serverIsUp = false;
    await server.kill();
    await this.sleep(this.chance.int(...pause.down));
    await server.restart();
    this.#deadlocksSeen = 0;
    this.#serverIsUp = true;
    this.faults.restarts += 1;
  }

  /** The server forgets its count when it is killed. */
  async countDeadlocks() {
    const seen = await this.target.deadlocks().catch(() => this.#deadlocksSeen);
    this.faults.deadlocks += Math.max(0, seen - this.#deadlocksSeen);
    this.#deadlocksSeen = seen;
  }
}
