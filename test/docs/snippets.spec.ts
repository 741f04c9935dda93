import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Document, documents } from './document.js';
import { snippetErrors } from './snippet-program.js';

const pages = documents();

describe('what the documents show', () => {
  it('compiles, every ts block of it', () => {
    expect(
      pages.flatMap((page) => page.blocks).filter(({ language }) => language === 'ts').length,
    ).toBeGreaterThan(10);
    expect(snippetErrors(pages)).toEqual([]);
  });

  it('would not compile with an error in it', () => {
    const page = new Document('README.md');
    const broken = Object.create(page, {
      blocks: {
        value: [
          {
            language: 'ts',
            runnable: false,
            title: null,
            preamble: '',
            line: 7,
            text: 'const n: number = "";\n',
          },
        ],
      },
    }) as Document;
    expect(snippetErrors([broken])).toEqual([
      "README.md:8 Type 'string' is not assignable to type 'number'.",
    ]);
  });
});

describe('runnable examples', () => {
  const folder = mkdtempSync(join(import.meta.dirname, '.run-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const runnable = pages.flatMap((page) =>
    page.blocks
      .filter((block) => block.runnable)
      .map((block) => ({ block, name: `${page.path}:${block.line}` })),
  );

  it('are there', () => {
    expect(runnable.length).toBeGreaterThan(0);
  });

  it.each(runnable)('$name runs, and its assertions hold', async ({ block, name }) => {
    const path = join(folder, `${name.replaceAll(/[^A-Za-z0-9]+/g, '-')}.ts`);
    writeFileSync(path, `${block.preamble}\n${block.text}`);
    expect(block.text).toMatch('assert');
    await import(path);
  });
});
