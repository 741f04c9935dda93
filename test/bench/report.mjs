/**
 * What one run found; the whole of it is plain JSON.
 *
 * @typedef {object} Report
 * @property {string} date Day, ISO 8601.
 * @property {string} command
 * @property {Machine} machine
 * @property {Readonly<Record<string, string>>} versions Of the packages.
 * @property {import('./plan.mjs').Plan} plan
 * @property {readonly { readonly name: string, readonly title: string, readonly version: string,
 *   readonly settings: string }[]} servers
 * @property {readonly Table[]} tables
 * @property {readonly Facts[]} facts
 * @property {readonly import('./targets.mjs').Target[]} targets
 *
 * @typedef {{ readonly cpu: string, readonly cores: number, readonly memoryGb: number, readonly os: string,
 *   readonly node: string, readonly syncUs: number }} Machine `syncUs`: what one small durable write takes, median.
 *
 * @typedef {object} Table Contestants compared with ours.
 * @property {string} id Unique, the same in every run.
 * @property {import('./servers.mjs').ServerName} server
 * @property {string} title
 * @property {string} unit
 * @property {'more' | 'less'} better
 * @property {readonly import('./rounds.mjs').Row[]} rows Ours first.
 * @property {import('./rounds.mjs').Rounds} rounds What the rows are of.
 *
 * @typedef {object} Facts Numbers that are not rounds of anything.
 * @property {string} id Unique, the same in every run.
 * @property {import('./servers.mjs').ServerName | null} server
 * @property {string} title
 * @property {readonly string[]} columns
 * @property {readonly FactRow[]} rows
 *
 * @typedef {{ readonly name: string, readonly title: string, readonly values: readonly (number | null)[] }} FactRow
 */

import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { median } from './statistics.mjs';

const PACKAGES = [
  'nestjs-lockout',
  'rate-limiter-flexible',
  'express-brute',
  '@nestjs/throttler',
  '@nestjs/core',
  'typeorm',
  'mysql2',
  'pg',
  'libsql',
];
const MODULES = createRequire(import.meta.url).resolve.paths('x') ?? [];

/** @param {string} name */
function versionOf(name) {
  for (const folder of MODULES) {
    try {
      return String(JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version);
    } catch {
      // Not in this folder: try the next.
    }
  }
  return 'unknown';
}

/** @returns {Readonly<Record<string, string>>} */
export const versions = () => Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]));

/** Median time of writing 4 kB and waiting for the disk, µs, where the servers have their data. */
function syncUs() {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-bench-'));
  const file = openSync(join(folder, 'sync'), 'w');
  const block = Buffer.alloc(4096);
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return (performance.now() - start) * 1000;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return Math.round(median(times));
}

/** @returns {Machine} */
export const machine = () => ({
  cpu: (cpus()[0]?.model ?? 'unknown').trim(),
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  os: `${type()} ${release().replace(/^(\d+\.\d+).*/, '$1')}`,
  node: process.version,
  syncUs: syncUs(),
});
