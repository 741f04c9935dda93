import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import { House } from '../../conformance/app/house.js';
import type { SiteOptions } from '../../conformance/app/site.js';
import type { Visitor } from '../../conformance/app/visitor.js';
import { serversOf } from '../../support/databases.js';
import { hasChromium } from '../chromium.js';
import { ConsoleWindows } from './console-windows.js';
import { Desk } from './desk.js';
import { SCREENS, type Screen } from './screens.js';

/** The application of the conformance tests with its consoles, and browsers to open them in. */
export interface BrowserHouse {
  readonly house: House;
  /** Signs somebody in and opens the console at this mount. */
  readonly open: (mount: string, by: Visitor, screen: Screen) => Promise<Desk>;
}

/** A suite on each screen; its clock stands still unless it is moved. */
export function onBothScreens(
  title: string,
  site: SiteOptions,
  suite: (there: () => BrowserHouse, screen: Screen) => void,
): void {
  const describeHere = hasChromium() ? describe : describe.skip;
  describeHere(title, () => {
    let house: House | undefined;
    let windows: ConsoleWindows | undefined;

    beforeAll(async () => {
      const [sqlite] = serversOf('SQLite');
      if (!sqlite) throw new Error('There is no database.');
      house = await House.open(sqlite, '2026-01-01T12:00:00.000Z');
      await house.site(site);
      windows = await ConsoleWindows.launch();
    });

    afterEach(async () => {
      await windows?.closeAll();
    });

    afterAll(async () => {
      await windows?.close();
      await house?.close();
    });

    const there = (): BrowserHouse => {
      if (!house || !windows) throw new Error('Nothing is running.');
      const [at, browser] = [house, windows];
      return {
        house: at,
        open: async (mount, by, screen) => {
          const { body, status } = await by.signIn();
          if (!body.token) throw new Error(`The administrator cannot sign in: ${status}.`);
          const { url } = await at.site(site);
          return new Desk(await browser.open(`${url}/${mount}/console/`, { screen, token: body.token }));
        },
      };
    };

    describe.each(SCREENS)('$name', (screen) => suite(there, screen));
  });
}
