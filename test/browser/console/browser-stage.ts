import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import type { Administrator } from '../../e2e/demo/admin-console.js';
import { DemoStage, type StageOptions } from '../../e2e/demo/demo-stage.js';
import { hasChromium } from '../chromium.js';
import { ConsoleWindows, type WindowOptions } from './console-windows.js';
import { Desk } from './desk.js';

/** The sample app, and browsers to open its console in. */
export interface BrowserStage {
  readonly stage: DemoStage;
  readonly windows: ConsoleWindows;
  /** The console at `hash`, for an administrator who is signed in. */
  readonly open: (hash?: string, options?: WindowOptions & { readonly who?: Administrator }) => Promise<Desk>;
}

/** A suite on the sample app. `keepWindows`: they stay open from test to test. */
export function onStage(
  title: string,
  { keepWindows = false, ...options }: StageOptions & { readonly keepWindows?: boolean },
  suite: (there: () => BrowserStage) => void,
): void {
  const describeHere = hasChromium() ? describe : describe.skip;
  describeHere(title, () => {
    let there: BrowserStage | undefined;

    beforeAll(async () => {
      const stage = await DemoStage.open(options);
      const windows = await ConsoleWindows.launch();
      there = {
        stage,
        windows,
        open: async (hash = '#/', { who, ...window } = {}) => {
          const cookies = [...(await stage.signedIn(who))];
          return new Desk(await windows.open(`${stage.url}/lockout/console/${hash}`, { cookies, ...window }));
        },
      };
    });

    afterEach(async () => {
      if (!keepWindows) await there?.windows.closeAll();
    });

    afterAll(async () => {
      try {
        await there?.windows.closeAll();
      } finally {
        await there?.windows.close();
        await there?.stage.close();
      }
    });

    suite(() => {
      if (!there) throw new Error('Nothing is running.');
      return there;
    });
  });
}
