import { describe, expect, it } from '@jest/globals';
import { presets } from 'nestjs-lockout/policy';
import { Document } from './document.js';
import { policiesPage } from './policies-page.mjs';

const page = new Document('docs/policies.md').text;

describe('docs/policies.md', () => {
  it('shows what the policies of today do: `npm run docs:policies` changes nothing', () => {
    expect(policiesPage(page)).toBe(page);
  });

  it('has a row for each preset in each table', () => {
    for (const name of Object.keys(presets)) {
      expect(page.match(new RegExp(`^\\| \`${name}\` +\\|`, 'gm'))).toHaveLength(3);
    }
  });

  it('would not keep a number that is not true any more', () => {
    expect(page).toContain('| 49,056 |');
    expect(policiesPage(page.replaceAll('| 49,056 |', '| 49,057 |'))).toBe(page);
  });

  it('explains every warning that policies can have', () => {
    const ids = Array.from({ length: 13 }, (_, index) => `LCK${101 + index}`);
    expect([...page.matchAll(/^- \*\*(LCK\d{3})\*\*/gm)].map(([, id]) => id)).toEqual(ids);
  });
});
