import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const SCRIPT = new URL('./delivery-worker.mjs', import.meta.url).pathname;

/** One process, and what it was asked. */
export class DeliveryWorker {
  isGone = false;
  /** What it threw that nobody caught. @type {string[]} */
  faults = [];
  #asked = 0;
  #errors = '';
  /** @type {Map<number, (answer: { error?: string } | null) => void>} */
  #waiting = new Map();

  /** @param {number} number @param {Record<string, unknown>} task */
  constructor(number, task) {
    this.number = number;
    this.child = spawn(process.execPath, [SCRIPT, JSON.stringify({ ...task, number })], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdin.on('error', () => {});
    this.child.stderr.on('data', (chunk) => {
      this.#errors = (this.#errors + chunk).slice(-4_000);
    });
    this.gone = new Promise((resolve) =>
      this.child.once('exit', () => {
        this.isGone = true;
        for (const answer of this.#waiting.values()) answer(null);
        this.#waiting.clear();
        resolve(undefined);
      }),
    );
    this.opened = this.#answer(0);
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const { n, fault, error } = JSON.parse(line);
      if (fault) this.faults.push(fault);
      this.#waiting.get(n)?.({ error });
      this.#waiting.delete(n);
    });
  }

  /** Resolves when it takes part. */
  async begin() {
    const opened = await this.opened;
    const begun = opened && (await this.ask({ do: 'begin' }));
    if (!begun || begun.error)
      throw new Error(`A process did not start: ${begun?.error ?? ''}\n${this.#errors}`);
  }

  /** What it answered; null: it was gone before. @param {Record<string, unknown>} task */
  ask(task) {
    if (this.isGone) return Promise.resolve(null);
    this.#asked += 1;
    const answer = this.#answer(this.#asked);
    this.child.stdin.write(`${JSON.stringify({ ...task, n: this.#asked })}\n`);
    return answer;
  }

  kill() {
    this.child.kill('SIGKILL');
  }

  /** @returns {Promise<{ error?: string } | null>} */
  #answer(n) {
    return new Promise((resolve) => this.#waiting.set(n, resolve));
  }
}

/** Three processes that take part, and one that waits to take the place of whoever is killed. */
export class DeliveryCrew {
  /** @type {DeliveryWorker[]} */
  members = [];
  /** @type {DeliveryWorker[]} */
  all = [];
  #task;
  #most;
  /** @type {DeliveryWorker | null} */
  #next;

  /**
   * @param {Record<string, unknown>} task
   * @param {number} most that are ever started
   */
  constructor(task, most) {
    this.#task = task;
    this.#most = most;
    this.#next = this.#spawn();
  }

  /** @param {number} size */
  async start(size) {
    await Promise.all(Array.from({ length: size }, () => this.#join()));
  }

  /** Resolves when the place of one that is gone is taken; after the last kill nobody takes it. @param {DeliveryWorker} worker */
  async replace(worker) {
    this.members = this.members.filter((member) => member !== worker);
    await this.#join();
  }

  async end() {
    for (const worker of this.all) worker.kill();
    await Promise.all(this.all.map(({ gone }) => gone));
  }

  async #join() {
    const worker = this.#next;
    if (!worker) return;
    this.#next = this.#spawn();
    await worker.begin();
    this.members.push(worker);
  }

  #spawn() {
    if (this.all.length === this.#most) return null;
    const worker = new DeliveryWorker(this.all.length + 1, this.#task);
    this.all.push(worker);
    return worker;
  }
}
