import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { JournalReader } from './journal.mjs';

const SCRIPT = new URL('./worker.mjs', import.meta.url).pathname;
/** A worker that was told to stop and does not, ms. */
const STOP_TIMEOUT_MS = 25_000;

/**
 * @typedef {object} Member One process, dead or alive.
 * @property {number} slot its place in the crew
 * @property {number} number of all that were ever started
 * @property {Record<string, any>[]} steps of its journal
 * @property {number} readyAt ms; Infinity: not yet
 * @property {number} goneAt ms; Infinity: still there
 * @property {'killed' | 'stopped' | 'died' | null} end `died`: nobody told it to
 */

/** The processes of a run: those that are killed are replaced. */
export class Crew {
  /** @type {(Member & { child: import('node:child_process').ChildProcess, reader: JournalReader, gone: Promise<void>, ready: Promise<void>, errors: string })[]} */
  members = [];

  /**
   * @param {string} folder for the journals
   * @param {import('./moment.mjs').Moment} moment
   * @param {(slot: number) => Record<string, unknown>} taskOf what the process of a slot is told
   */
  constructor(folder, moment, taskOf) {
    this.folder = folder;
    this.moment = moment;
    this.taskOf = taskOf;
  }

  /** @param {number} slot */
  start(slot) {
    const number = this.members.length + 1;
    const journal = join(this.folder, `${number}.journal`);
    const reader = new JournalReader(journal);
    const task = { ...this.taskOf(slot), journal, number, start: String(this.moment.start) };
    const child = spawn(process.execPath, [SCRIPT, JSON.stringify(task)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    /** @type {any} */
    const member = {
      slot,
      number,
      steps: [],
      readyAt: Number.POSITIVE_INFINITY,
      goneAt: Number.POSITIVE_INFINITY,
      end: null,
      child,
      reader,
      errors: '',
    };
    child.stderr.on('data', (chunk) => {
      member.errors = (member.errors + chunk).slice(-4_000);
    });
    child.stdin.on('error', () => {});
    member.gone = new Promise((resolve) =>
      child.once('exit', () => {
        member.goneAt = this.moment.now();
        member.end ??= 'died';
        resolve(undefined);
      }),
    );
    member.ready = new Promise((resolve) =>
      createInterface({ input: child.stdout }).once('line', () => {
        member.readyAt = this.moment.now();
        resolve(undefined);
      }),
    );
    this.members.push(member);
    return member;
  }

  get living() {
    return this.members.filter(({ end }) => end === null);
  }

  /** SIGKILL, wherever it is, and another one in its place. @param {number} slot */
  async replace(slot) {
    const member = this.living.find((one) => one.slot === slot);
    if (!member) return;
    member.end = 'killed';
    member.child.kill('SIGKILL');
    await member.gone;
    this.start(slot);
  }

  /** Everybody finishes what they are at. */
  async stop() {
    await Promise.all(
      this.living.map(async (member) => {
        member.end = 'stopped';
        member.child.stdin.write('stop\n');
        const timer = setTimeout(() => {
          member.end = 'died';
          member.errors += '\nIt did not stop when it was told to.';
          member.child.kill('SIGKILL');
        }, STOP_TIMEOUT_MS);
        await member.gone;
        clearTimeout(timer);
      }),
    );
    this.read();
  }

  kill() {
    for (const { child } of this.members) child.kill('SIGKILL');
  }

  /** Takes in what was written since. */
  read() {
    for (const member of this.members) for (const step of member.reader.read()) member.steps.push(step);
  }

  close() {
    for (const { reader } of this.members) reader.close();
  }
}
