import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { onStage } from './browser-stage.js';
import type { Desk } from './desk.js';
import { DESKTOP, PHONE, type Screen } from './screens.js';
import { STORY, tellStory } from './story.js';

const isKept = process.env['LOCKOUT_SCREENSHOTS'] === '1';
/** The documentation's pictures; otherwise nowhere that stays. */
const FOLDER = isKept
  ? join(import.meta.dirname, '../../../docs/images/console')
  : mkdtempSync(join(tmpdir(), 'lockout-screenshots-'));

/** A page of the console weighs about this much as a picture; an empty one far less. */
const LEAST_BYTES = 15_000;
const MOST_BYTES = 120_000;

interface Picture {
  readonly name: string;
  readonly hash: string;
  readonly shows: string;
  readonly screen?: Screen;
  /** Of a desktop's window. */
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly act?: (desk: Desk) => Promise<void>;
}

const ALICE = { hash: '#/accounts/default/alice', shows: 'alice is locked' } as const;

const PICTURES: readonly Picture[] = [
  { name: 'overview', hash: '#/', shows: 'Latest events' },
  {
    name: 'accounts',
    height: 720,
    hash: '#/accounts',
    shows: 'owns an organisation',
    act: (desk) => desk.tick('alice', 'bob'),
  },
  { name: 'account', ...ALICE },
  { name: 'addresses', hash: '#/addresses', shows: '192.0.2.66' },
  { name: 'history', height: 620, hash: '#/history', shows: 'Unlocked by admin' },
  {
    // A draft beside what governs: the same story under both.
    name: 'policy',
    height: 780,
    hash: '#/policies/account?tab=edit',
    shows: 'What happens, step by step',
    act: async (desk) => {
      await desk.page.getByLabel('Number of failures').fill('6');
      await desk.goTo('#/policies/account?tab=try');
      for (const step of ['5 wrong, one a second', '5 wrong, one a second', 'Wait until the lock ends'])
        await desk.button(step).click();
      await desk.button('A wrong password').click();
      await desk.page.getByText(/^Your draft: /).waitFor();
      await desk.page.evaluate('scrollTo(0, 190)');
    },
  },
  { name: 'phone', ...ALICE, screen: PHONE },
  { name: 'dark', hash: '#/', shows: 'Latest events', colorScheme: 'dark' },
];

onStage('pictures of the console', STORY, (there) => {
  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true });
    await tellStory(there().stage);
  });

  afterAll(() => {
    if (!isKept) rmSync(FOLDER, { recursive: true, force: true });
  });

  test.each(PICTURES)(
    '$name.png',
    async ({ name, hash, shows, screen = DESKTOP, height, colorScheme = 'light', act }) => {
      const { stage, open } = there();
      const desk = await open(hash, {
        screen,
        context: { colorScheme, ...(height !== undefined && { viewport: { width: 1280, height } }) },
        prepare: (page) => page.clock.setFixedTime(stage.now),
      });
      const { page } = desk;
      await page.locator('.loading').first().waitFor({ state: 'detached' });
      await act?.(desk);
      await page.getByRole('main').getByText(shows).first().waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      // Only where one is with the keyboard; not in a picture.
      await page.evaluate('document.activeElement.blur()');
      const path = join(FOLDER, `${name}.png`);
      await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
      const { size } = statSync(path);
      expect(size).toBeGreaterThan(LEAST_BYTES);
      // With the fonts of the machine that makes them: on another they weigh something else.
      if (isKept) expect(size).toBeLessThan(MOST_BYTES);
    },
  );
});
