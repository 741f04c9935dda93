import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { documents, ROOT } from './document.js';

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const pages = documents();
const anchors = new Map(
  pages.map((page) => [
    page.path,
    new Set([...page.text.matchAll(/^#+ (.+)$/gm)].map((match) => anchorOf(match[1] ?? ''))),
  ]),
);

describe('links within the documents', () => {
  it.each(pages.map((page) => [page.path, page] as const))(
    '%s: each leads to a file and a heading',
    (path, page) => {
      const prose = page.text.replaceAll(/^```[\s\S]*?^```$/gm, '');
      const dead: string[] = [];
      for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [file = '', anchor] = target.split('#');
        const to = file === '' ? path : join(dirname(path), file);
        const found = existsSync(join(ROOT, to)) && (!anchor || (anchors.get(to)?.has(anchor) ?? true));
        if (!found) dead.push(target);
      }
      expect(dead).toEqual([]);
    },
  );

  it('names only test files that exist', () => {
    const missing = pages.flatMap((page) =>
      [...page.text.matchAll(/`((?:test|libs|apps)\/[\w./-]+\.(?:spec|e2e-spec|browser-spec)\.ts)`/g)]
        .map((match) => match[1] ?? '')
        .filter((file) => !existsSync(join(ROOT, file)))
        .map((file) => `${page.path}: ${file}`),
    );
    expect(missing).toEqual([]);
  });
});
