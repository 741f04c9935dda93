import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
      [...page.text.matchAll(/`((?:test|libs|apps)\/[\w./-]+\.(?:ts|json))`/g)]
        .map((match) => match[1] ?? '')
        .filter((file) => !existsSync(join(ROOT, file)))
        .map((file) => `${page.path}: ${file}`),
    );
    expect(missing).toEqual([]);
  });

  it('promises in SECURITY.md nothing without a test that is really there', () => {
    const security = pages.find(({ path }) => path === 'SECURITY.md')?.text ?? '';
    const promises = security.split(/^### /m).slice(1);
    expect(promises.map((text) => text.split(' ', 1)[0])).toEqual(
      Array.from({ length: 12 }, (_, n) => `P${n + 1}`),
    );
    const wrong = promises.flatMap((text) => {
      const tests = [...text.matchAll(/^- `([^`]+)`: (.+)$/gm)];
      if (tests.length === 0) return [`${text.split('\n', 1)[0]}: no test`];
      return tests.flatMap(([, file = '', titles = '']) => {
        const source = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
        return [...titles.matchAll(/“([^”]+)”/g)]
          .map((match) => match[1] ?? '')
          .filter((title) => !source.includes(title))
          .map((title) => `${file}: ${title}`);
      });
    });
    expect(wrong).toEqual([]);
  });

  it('explain every check that the library can report', () => {
    const sources = sourceTexts(join(ROOT, 'libs/lockout/src'));
    const reported = new Set(sources.flatMap((text) => text.match(/\bLCK\d{3}\b/g) ?? []));
    expect(reported.size).toBeGreaterThan(10);
    const runbook = pages.find(({ path }) => path.endsWith('runbook.md'))?.text ?? '';
    const explained = new Set([...runbook.matchAll(/^\| (LCK\d{3}) /gm)].map((match) => match[1] ?? ''));
    expect([...explained].sort()).toEqual([...reported].sort());
  });
});

function sourceTexts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}
