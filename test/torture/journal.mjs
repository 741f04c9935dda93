import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * What one process did, a line of JSON a step. Each line is handed to the system before the step is taken, so it is
 * there also when the process is killed in the next moment.
 */
export class Journal {
  #file;

  /** @param {string} path @param {import('./moment.mjs').Moment} moment */
  constructor(path, moment) {
    this.#file = openSync(path, 'a');
    this.moment = moment;
  }

  /** @param {Record<string, unknown>} step */
  write(step) {
    writeSync(this.#file, `${JSON.stringify({ t: Math.round(this.moment.now() * 1000) / 1000, ...step })}\n`);
  }
}

/** Reads a journal as it grows. */
export class JournalReader {
  #file;
  #rest = '';

  /** @param {string} path */
  constructor(path) {
    closeSync(openSync(path, 'a'));
    this.#file = openSync(path, 'r');
  }

  /** The steps written since the last call. @returns {Record<string, any>[]} */
  read() {
    const steps = [];
    const buffer = Buffer.alloc(1 << 20);
    for (;;) {
      const length = readSync(this.#file, buffer, 0, buffer.length, null);
      if (length === 0) return steps;
      const lines = (this.#rest + buffer.toString('latin1', 0, length)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) steps.push(JSON.parse(line));
    }
  }

  close() {
    closeSync(this.#file);
  }
}
