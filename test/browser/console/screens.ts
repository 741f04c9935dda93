import type { BrowserContextOptions } from 'playwright-core';

/** What a console is looked at with. */
export interface Screen {
  readonly name: 'desktop' | 'phone';
  readonly options: BrowserContextOptions;
}

export const DESKTOP: Screen = { name: 'desktop', options: { viewport: { width: 1280, height: 900 } } };

export const PHONE: Screen = {
  name: 'phone',
  options: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

/** Every procedure must work on both. */
export const SCREENS: readonly Screen[] = [DESKTOP, PHONE];
