import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LIBRARY, sourceFiles } from './source-file.js';

const library = sourceFiles(LIBRARY);

/** Other words for what has a word here (lock, attempt or failure, exempt, keepUntil). */
const FORBIDDEN = new Set([
  'ban',
  'bans',
  'banned',
  'hit',
  'hits',
  'blacklist',
  'blacklisted',
  'whitelist',
  'whitelisted',
  'ttl',
]);
/** A file is named after the noun in it. */
const NAMELESS = /^(utils?|helpers?|common|interfaces?|misc|shared|constants)(\.|-|$)/;
/** Past this a file holds a second noun. */
const MAX_LINES = 300;

/** `lockedUntilMs` → locked, until, ms. */
const words = (name: string): string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());

describe('one word per idea', () => {
  it.each([
    ['hitCount', 'hit'],
    ['TTL_MS', 'ttl'],
    ['cacheTTLMs', 'ttl'],
    ['isBanned', 'banned'],
  ])('finds the word in %s', (name, word) => {
    expect(words(name)).toContain(word);
  });

  it('uses none of the words that have a better one here', () => {
    const found = library.flatMap((file) =>
      file
        .identifiers()
        .filter(({ name }) => words(name).some((word) => FORBIDDEN.has(word)))
        .map(({ name, line }) => `${file.path}:${line} ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('names no file or folder after nothing', () => {
    const found = library.filter(({ path }) => path.split('/').some((part) => NAMELESS.test(part)));
    expect(found.map((file) => file.path)).toEqual([]);
  });

  it('names files in kebab-case', () => {
    const found = library.filter(({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.spec)?\.ts$/.test(basename(path)));
    expect(found.map((file) => file.path)).toEqual([]);
  });
});

describe('files stay readable in one sitting', () => {
  it(`has no source file of the library longer than ${MAX_LINES} lines`, () => {
    const found = library.filter((file) => !file.isSpec && file.lines > MAX_LINES);
    expect(found.map((file) => `${file.path}: ${file.lines} lines`)).toEqual([]);
  });
});
