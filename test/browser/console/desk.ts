import { expect } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';

/** What an administrator sees of the console, and does there. Everything is found by what it says. */
export class Desk {
  constructor(readonly page: Page) {}

  /** Goes to a section by its link. */
  async section(
    name: 'Overview' | 'Accounts' | 'Addresses' | 'History' | 'Policies' | 'Deliveries',
  ): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name }).click();
    const title = name === 'Addresses' ? 'Blocked addresses' : name;
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
  }

  /** Goes to a place as its address says, without loading the console anew. */
  async goTo(hash: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  }

  /** What one types while somebody is on the phone. */
  async search(text: string): Promise<void> {
    const box = this.page.getByRole('searchbox');
    await box.fill(text);
    await box.press('Enter');
  }

  /** The row of a table that is about this. */
  row(name: string): Locator {
    return this.page
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader').getByText(name, { exact: true }) });
  }

  async tick(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.box(name).check();
  }

  box(name: string): Locator {
    return this.page.getByRole('checkbox', { name: `Select ${name}`, exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The review of what is about to be done. */
  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  async confirm(name: 'Unlock' | 'Unblock' | 'Lock' = 'Unlock'): Promise<void> {
    await this.dialog.getByRole('button', { name, exact: true }).click();
    await this.dialog.waitFor({ state: 'detached' });
  }

  /** The message that something was done. */
  async says(text: string): Promise<void> {
    await this.page.getByRole('region', { name: 'Messages' }).getByText(text, { exact: true }).waitFor();
  }

  async shows(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** The warning on an account's page (OS-11). */
  warning(name: string): Locator {
    return this.page.getByRole('region', { name: `${name} is locked`, exact: true });
  }

  /** The statement on an account's page that there is nothing to warn of. */
  calm(name: string): Locator {
    return this.page.getByRole('region', { name: `${name} is not locked`, exact: true });
  }

  /** Nothing is cut off at the side: a phone's page is as wide as the phone. */
  async expectNoSideways(): Promise<void> {
    const [inner, whole] = await this.page.evaluate<readonly [number, number]>(
      '[window.innerWidth, document.documentElement.scrollWidth]',
    );
    expect(whole).toBeLessThanOrEqual(inner);
  }
}
