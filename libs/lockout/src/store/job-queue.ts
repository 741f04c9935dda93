import type { LockoutKey } from '../key/key.js';
import type { Job } from './batch.js';

/** Most rows of one statement (R31). */
const MAX_ROWS = 256;

/** Operations waiting for a batch, in order of arrival. */
export class JobQueue {
  private jobs: Job[] = [];

  get length(): number {
    return this.jobs.length;
  }

  push(job: Job): void {
    this.jobs.push(job);
  }

  /**
   * The next batch: at most `most` operations and 256 rows, no key of a batch under way, none overtaking an earlier one
   * at its key.
   */
  take(busy: ReadonlySet<LockoutKey>, most: number): Job[] {
    const taken: Job[] = [];
    const left: Job[] = [];
    const keys = new Set<LockoutKey>();
    const passedOver = new Set<LockoutKey>();
    let closed = false;
    for (const job of this.jobs) {
      const own = job.operation.keys;
      const fits =
        taken.length === 0 ||
        (!closed && !job.operation.atomic && taken.length < most && keys.size + own.length <= MAX_ROWS);
      if (fits && !own.some((key) => busy.has(key) || passedOver.has(key))) {
        taken.push(job);
        for (const key of own) keys.add(key);
        closed ||= job.operation.atomic === true;
      } else {
        left.push(job);
        for (const key of own) passedOver.add(key);
      }
    }
    this.jobs = left;
    return taken;
  }
}

export function keysOfJobs(jobs: readonly Job[]): LockoutKey[] {
  const keys = new Set<LockoutKey>();
  for (const { operation } of jobs) for (const key of operation.keys) keys.add(key);
  return Array.from(keys);
}

/** The keys of operations that may rest on what was current some seconds ago, and of no other. */
export function confirmedKeys(jobs: readonly Job[]): ReadonlySet<LockoutKey> {
  const keys = new Set<LockoutKey>();
  for (const { operation } of jobs) if (operation.confirmed) for (const key of operation.keys) keys.add(key);
  for (const { operation } of jobs)
    if (!operation.confirmed) for (const key of operation.keys) keys.delete(key);
  return keys;
}

/** Splits jobs into groups that share no key. */
export function groupsByKey(jobs: readonly Job[]): Job[][] {
  const groups: { keys: Set<LockoutKey>; jobs: Job[] }[] = [];
  for (const job of jobs) {
    const touching = groups.filter((group) => job.operation.keys.some((key) => group.keys.has(key)));
    const merged = {
      keys: new Set(job.operation.keys),
      jobs: [...touching.flatMap((group) => group.jobs), job],
    };
    for (const group of touching) {
      for (const key of group.keys) merged.keys.add(key);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(merged);
  }
  return groups.map((group) => group.jobs);
}
