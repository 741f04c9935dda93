import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { LockoutNotifier } from 'nestjs-lockout';
import { readConfig } from '../../../apps/demo/src/config/demo-config.js';
import { createDemoApp, listen } from '../../../apps/demo/src/demo-app.js';
import { Postman } from '../../../apps/demo/src/mail/postman.js';
import { Visitor } from './visitor.js';

export const PASSWORD = 'correct horse battery staple';

/** Noon of some day: tests say how far they are from it. */
const NOON = Date.UTC(2026, 0, 15, 12);

/**
 * The sample app over real HTTP, its time in the test's hands. One at a time in a process: Passport keeps strategies in
 * one place for all apps.
 */
export class DemoServer {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly dataDir: string,
    private readonly time: { now: number },
  ) {}

  /**
   * `dataDir`: of a server before, to start again on its data; it goes when the last of them closes. `systemTime`: the
   * database's clock.
   */
  static async start(
    options: {
      readonly environment?: NodeJS.ProcessEnv;
      readonly dataDir?: string;
      readonly systemTime?: boolean;
      readonly now?: number;
    } = {},
  ): Promise<DemoServer> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'lockout-demo-'));
    const time = { now: options.now ?? NOON };
    let app: NestExpressApplication | undefined;
    try {
      const config = readConfig({ PORT: '0', ...options.environment }, dataDir);
      app = await createDemoApp({ config, ...(options.systemTime ? {} : { clock: () => time.now }) });
      // Every lock is a warning in the log.
      app.useLogger(['error']);
      return new DemoServer(app, await listen(app), dataDir, time);
    } catch (error) {
      await app?.close();
      rmSync(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  get now(): number {
    return this.time.now;
  }

  advance(ms: number): void {
    this.time.now += ms;
  }

  /** A browser of its own: nobody is signed in. `address`: as in {@link Visitor}. */
  visitor(address?: string): Visitor {
    return new Visitor(this.url, address);
  }

  /** Until nothing is under way to a mail server or elsewhere. */
  async settle(): Promise<void> {
    await this.app.get(Postman, { strict: false }).idle();
    await this.app.get(LockoutNotifier).runOnce();
  }

  /** Until every mail is out, and everything else that events are for is done. */
  async deliver(): Promise<void> {
    await this.settle();
    while ((await this.waiting()) > 0) {
      await this.settle();
      // What is under way elsewhere in the process.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Deliveries that wait, of this sink or of all. */
  async waiting(sink?: string): Promise<number> {
    const states = (await this.app.get(LockoutNotifier).outbox?.outboxState()) ?? [];
    const asked = states.filter((state) => sink === undefined || state.sink === sink);
    return asked.reduce((sum, state) => sum + state.waiting, 0);
  }

  async close(options: { readonly keepData?: boolean } = {}): Promise<void> {
    try {
      await this.app.close();
    } finally {
      if (!options.keepData) rmSync(this.dataDir, { recursive: true, force: true });
    }
  }
}
