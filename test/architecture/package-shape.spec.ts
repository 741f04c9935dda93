import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { layerOf } from './import-rule.js';
import { LIBRARY, ROOT, sourceFiles } from './source-file.js';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { types: string; default: string } | string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { optional?: boolean }>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'libs/lockout/package.json'), 'utf8')) as Manifest;
const subpaths = Object.entries(manifest.exports).filter(([, target]) => typeof target !== 'string');

/** What is run, not imported. */
const PROGRAMS = ['cli'];
/** Folders behind the root subpath: what they export is listed in the root's index. */
const UNPUBLISHED = ['key', 'store', 'audit', 'notify', 'engine', 'nest'];
/** What the root subpath needs: everybody who installs the library has it. */
const ALWAYS = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'];

describe('the package', () => {
  it('publishes a folder by its index, typed and as a module, and nothing else', () => {
    for (const [subpath, target] of subpaths) {
      const folder = subpath === '.' ? '' : `${subpath.slice(2)}/`;
      expect(target).toEqual({ types: `./dist/${folder}index.d.ts`, default: `./dist/${folder}index.js` });
    }
  });

  it.each(subpaths.map(([subpath]) => subpath))('%s has an index in the sources', (subpath) => {
    expect(existsSync(join(ROOT, LIBRARY, subpath, 'index.ts'))).toBe(true);
  });

  it('has a source for every program that it installs', () => {
    const programs = Object.entries(manifest.bin).map(([name, path]) => [
      name,
      path.replace(/^\.\/dist\/(.+)\.js$/, `${LIBRARY}/$1.ts`),
    ]);
    expect(programs).toEqual([['nestjs-lockout', `${LIBRARY}/cli/main.ts`]]);
    for (const [, path = ''] of programs) {
      expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });

  it('has no folder that is neither published, nor behind the root, nor a program', () => {
    const folders = readdirSync(join(ROOT, LIBRARY), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && readdirSync(join(entry.parentPath, entry.name)).length > 0)
      .map((entry) => entry.name);
    const published = subpaths.map(([subpath]) => subpath.slice(2)).filter((folder) => folder !== '');
    const known = [...published, ...UNPUBLISHED, ...PROGRAMS];
    expect(folders.filter((folder) => !known.includes(folder))).toEqual([]);
  });

  it('declares every package that its sources import', () => {
    const declared = new Set([
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.peerDependencies),
    ]);
    const found = sourceFiles(LIBRARY)
      .filter((file) => !file.isSpec)
      .flatMap((file) =>
        file
          .imports()
          .filter(({ specifier, typeOnly }) => !typeOnly && !/^(\.|node:)/.test(specifier))
          .filter(({ specifier }) => !declared.has(packageOf(specifier)))
          .map(({ specifier, line }) => `${file.path}:${line} ${specifier}`),
      );
    expect(found).toEqual([]);
  });

  it('imports every package that it declares', () => {
    const imported = new Set(
      sourceFiles(LIBRARY)
        .filter((file) => !file.isSpec)
        .flatMap((file) => file.imports().map(({ specifier }) => packageOf(specifier))),
    );
    // Nest needs it loaded once, by the application.
    imported.add('reflect-metadata');
    // Strategies are known by their shape; the peers say which versions that is tried with.
    for (const name of ['passport', '@nestjs/passport']) imported.add(name);
    // The page of a simulation holds its text.
    expect(readFileSync(join(ROOT, LIBRARY, 'cli/report-page.ts'), 'utf8')).toContain("'uplot/dist/");
    imported.add('uplot');
    const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    expect(declared.filter((name) => !imported.has(name))).toEqual([]);
  });

  it('keeps everything that only one subpath needs an optional peer', () => {
    const required = Object.keys(manifest.peerDependencies).filter(
      (name) => manifest.peerDependenciesMeta[name]?.optional !== true,
    );
    expect(required.sort()).toEqual(ALWAYS);
    const rooted = sourceFiles(LIBRARY).filter(
      (file) => !file.isSpec && ['index', 'policy', ...UNPUBLISHED].includes(layerOf(file.path)),
    );
    const allowed = [...ALWAYS, ...Object.keys(manifest.dependencies)];
    const found = rooted.flatMap((file) =>
      file
        .imports()
        .filter(({ specifier }) => !/^(\.|node:)/.test(specifier) && !allowed.includes(packageOf(specifier)))
        .map(({ specifier }) => `${file.path} ${specifier}`),
    );
    expect(found).toEqual([]);
  });
});

/** `@nestjs/core/router/x.js` → `@nestjs/core`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
