import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { consumerViolation, LAYERS, layerOf, libraryViolation } from './import-rule.js';
import { LIBRARY, ROOT, SourceFile, sourceFiles } from './source-file.js';

const library = sourceFiles(LIBRARY);
const consumers = sourceFiles('apps', 'test');
const published = Object.keys(
  (
    JSON.parse(readFileSync(join(ROOT, 'libs/lockout/package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    }
  ).exports,
).map((subpath) => join('nestjs-lockout', subpath));

describe('imports only point down', () => {
  it('reads every folder of the library, and each has a rule', () => {
    const folders = new Set(library.map((file) => layerOf(file.path)));
    for (const folder of ['policy', 'key', 'store', 'engine']) expect(folders).toContain(folder);
    for (const folder of folders) expect(Object.keys(LAYERS)).toContain(folder);
  });

  it.each(Object.keys(LAYERS))('%s imports what the table allows, and nothing else', (layer) => {
    const found = library
      .filter((file) => layerOf(file.path) === layer)
      .flatMap((file) =>
        file.imports().flatMap((imported) => {
          const violation = libraryViolation(file, imported);
          return violation ? [`${file.path}:${imported.line} ${violation}`] : [];
        }),
      );
    expect(found).toEqual([]);
  });

  it('lets no folder but the specs import testing', () => {
    const found = library
      .filter((file) => !file.isSpec && layerOf(file.path) !== 'testing')
      .filter((file) => file.imports().some(({ specifier }) => /(^|\/)testing\//.test(specifier)));
    expect(found.map((file) => file.path)).toEqual([]);
  });

  it('shows apps and test the published subpaths only', () => {
    expect(consumers.length).toBeGreaterThan(0);
    const found = consumers.flatMap((file) =>
      file.imports().flatMap((imported) => {
        const violation = consumerViolation(file, imported, published);
        return violation ? [`${file.path}:${imported.line} ${violation}`] : [];
      }),
    );
    expect(found).toEqual([]);
  });

  it('has no export * anywhere in the library: what is public is a list', () => {
    const found = library.flatMap((file) => file.exportStars().map((line) => `${file.path}:${line}`));
    expect(found).toEqual([]);
  });
});

describe('the rule itself', () => {
  const engine = new SourceFile('libs/lockout/src/engine/attempt.ts');
  const policy = new SourceFile('libs/lockout/src/policy/lock.ts');
  const key = new SourceFile('libs/lockout/src/key/scope.ts');
  const at = (specifier: string, typeOnly = false) => ({ specifier, typeOnly, line: 1 });

  it('refuses to look up', () => {
    expect(libraryViolation(engine, at('../nest/lockout-module.js'))).toMatch('engine may not import nest');
    expect(libraryViolation(engine, at('../nest/lockout-module.js', true))).toMatch(
      'engine may not import nest',
    );
    expect(libraryViolation(policy, at('../key/key.js', true))).toMatch('policy may not import key');
  });

  it('refuses packages, and node: in policy', () => {
    expect(libraryViolation(engine, at('typeorm'))).toMatch('engine may not import typeorm');
    expect(libraryViolation(engine, at('@nestjs/common', true))).toMatch(
      'engine may not import @nestjs/common',
    );
    expect(libraryViolation(policy, at('node:crypto'))).toMatch('policy may not import node:crypto');
  });

  it('lets key import types of policy, not values', () => {
    expect(libraryViolation(key, at('../policy/policy.js', true))).toBeNull();
    expect(libraryViolation(key, at('../policy/policy.js'))).toMatch('only types of policy');
  });

  it('refuses consumers the inside of the library', () => {
    const spec = new SourceFile('test/architecture/import-directions.spec.ts');
    expect(consumerViolation(spec, at('../../libs/lockout/src/store/batch.js'), published)).toMatch(
      'reaches into',
    );
    expect(consumerViolation(spec, at('nestjs-lockout/store'), published)).toMatch('not a published subpath');
    expect(consumerViolation(spec, at('nestjs-lockout/policy'), published)).toBeNull();
  });
});
