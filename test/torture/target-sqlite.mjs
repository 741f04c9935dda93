import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const Database = createRequire(import.meta.url)('libsql');

/** A file: there is no server to kill, and no connection to cut. @returns {Promise<import('./target.mjs').Target>} */
export async function startTarget() {
  const folder = mkdtempSync(join(tmpdir(), 'lockout-torture-sqlite-'));
  const file = join(folder, 'lockout.db');
  return {
    name: 'SQLite',
    connection: { kind: 'sqlite', url: file },
    server: null,
    port: null,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
    cut: async () => 0,
    // Another program has the file for a while.
    disturb: async (_hashes, holdMs) => {
      const other = new Database(file, { timeout: 1_000 });
      try {
        other.exec('BEGIN IMMEDIATE');
        await sleep(holdMs * 4);
        other.exec('ROLLBACK');
      } finally {
        other.close();
      }
      return false;
    },
    beat: async () => {
      const other = new Database(file, { timeout: 0 });
      try {
        other.exec('BEGIN IMMEDIATE; ROLLBACK');
      } finally {
        other.close();
      }
    },
    deadlocks: async () => 0,
  };
}
