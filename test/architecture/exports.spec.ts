import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { LIBRARY, ROOT } from './source-file.js';

/**
 * What each subpath exports, values and types. A name that goes or changes is a breaking change: the list is edited
 * by hand, so that a review sees it.
 */
const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'exports.json'), 'utf8')) as Readonly<
  Record<string, readonly string[]>
>;

const { exports: published } = JSON.parse(readFileSync(join(ROOT, 'libs/lockout/package.json'), 'utf8')) as {
  exports: Readonly<Record<string, unknown>>;
};
const subpaths = Object.keys(published).filter((subpath) => !subpath.endsWith('.json'));

function exportedNames(): Record<string, string[]> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const indexes = subpaths.map((subpath) => join(ROOT, LIBRARY, subpath, 'index.ts'));
  const program = ts.createProgram(indexes, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  return Object.fromEntries(
    subpaths.map((subpath, index) => {
      const file = program.getSourceFile(indexes[index] ?? '');
      const symbol = file && checker.getSymbolAtLocation(file);
      const names = symbol ? checker.getExportsOfModule(symbol).map(({ name }) => name) : [];
      return [subpath, names.sort()];
    }),
  );
}

describe('exported names', () => {
  const actual = exportedNames();

  it('lists every subpath', () => {
    expect(Object.keys(expected).sort()).toEqual([...subpaths].sort());
  });

  it.each(subpaths)('%s exports exactly what exports.json lists', (subpath) => {
    expect(actual[subpath]).toEqual(expected[subpath]);
  });
});
