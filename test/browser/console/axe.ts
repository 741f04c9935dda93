import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import type { Desk } from './desk.js';

/** As text: it runs in the page. */
const { source } = createRequire(import.meta.url)('axe-core') as { readonly source: string };

/** What changes with the colours alone. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** Nothing is wrong with what is shown, in either colour scheme, nor is anything cut off at the side. */
export async function expectAccessible(desk: Desk): Promise<void> {
  const { page } = desk;
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violationsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violationsOf(page, { colours: true })).toEqual([]);
  await desk.expectNoSideways();
}

/**
 * What axe-core has against the page as it is shown: each rule with where it is broken. `colours`: only what depends on
 * the colour scheme.
 */
async function violationsOf(page: Page, { colours = false } = {}): Promise<readonly string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(source);
  const options = {
    resultTypes: ['violations'],
    ...(colours && { runOnly: { type: 'rule', values: OF_COLOUR } }),
  };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.map(({ target, failureSummary }) => `${target.join(' ')}\n  ${failureSummary}`);
    return `${id} (${help}): ${places.join('; ')}`;
  });
}
