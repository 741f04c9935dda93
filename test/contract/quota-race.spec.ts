// R45: the cap of a day is one cap, for however many processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSourceOptions } from 'typeorm';
import { describeEach, serversOf, type TestDatabase } from '../support/databases.js';
import { migratedDatabase, openStore } from '../support/typeorm-store.js';

const TAKER = new URL('./quota-taker.mjs', import.meta.url).pathname;
const PROCESSES = 3;
const LIMIT = 60;
const WINDOW_MS = 86_400_000;

/** A process that takes until it is refused. */
class Taker {
  private readonly lines: AsyncIterator<string>;
  private readonly child: ChildProcess;

  constructor(options: DataSourceOptions) {
    const task = {
      dataSource: { ...options, driver: undefined },
      limit: LIMIT,
      windowMs: WINDOW_MS,
      lanes: 4,
    };
    this.child = spawn(process.execPath, [TAKER, JSON.stringify(task)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!this.child.stdout) throw new Error('no output');
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('a taking process ended by itself');
    return value;
  }

  async take(id: string): Promise<number> {
    this.child.stdin?.write(`${id}\n`);
    return Number(await this.line());
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

describeEach(serversOf('SQLite', 'MariaDB', 'MySQL', 'PostgreSQL'), 'quotas on $name', (server) => {
  describe('of three processes at once', () => {
    let database: TestDatabase;
    let takers: Taker[];

    beforeAll(async () => {
      database = await migratedDatabase(server);
      takers = Array.from({ length: PROCESSES }, () => new Taker(database.options));
      await Promise.all(takers.map((taker) => taker.line()));
    });
    afterAll(async () => {
      for (const taker of takers) taker.kill();
      await database.drop();
    });

    it('are given out to the last, and none twice', async () => {
      const { store, close } = await openStore(database.options);
      let races = 0;
      for (let round = 0; round < 3; round += 1) {
        const id = randomBytes(32).toString('hex');
        const counts = await Promise.all(takers.map((taker) => taker.take(id)));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(LIMIT);
        if (Math.max(...counts) < LIMIT) races += 1;
        expect(await store.quotaTaken(id)).toBe(LIMIT);
      }
      // Else one process had them all each time, because the others came late.
      expect(races).toBeGreaterThan(0);
      await close();
    });
  });
});
