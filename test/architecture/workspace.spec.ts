import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT, sourceFiles } from './source-file.js';

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;

/** Needed without an import or a script: by the compiler, by jest, by a tool of a script, or by a peer. */
const SILENT = ['@swc/core', '@swc/jest', 'oxlint-tsgolint', 'reflect-metadata', 'typescript', '@nestjs/cli'];

describe('the workspace', () => {
  it('runs every test file in exactly one jest project', () => {
    const patterns = [...read('jest.config.js').matchAll(/'((?:libs|apps|test)\/[^']+\.ts)'/g)]
      .map((match) => match[1] ?? '')
      .filter((pattern) => /spec\.ts$/.test(pattern))
      .map((pattern) => new RegExp(`^${globSource(pattern)}$`));
    expect(patterns.length).toBeGreaterThan(5);
    const tests = sourceFiles('libs', 'apps', 'test').filter(({ path }) => /spec\.ts$/.test(path));
    const wrong = tests.filter(({ path }) => patterns.filter((pattern) => pattern.test(path)).length !== 1);
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  it('skips and focuses no test', () => {
    const found = sourceFiles('libs', 'apps', 'test')
      .filter(({ path }) => /spec\.ts$/.test(path))
      .filter(({ text }) => /\b(?:it|test|describe)\.(?:skip|todo|only)\(|\bx(?:it|describe)\(/.test(text))
      .map((file) => file.path)
      .filter((path) => path !== 'test/architecture/workspace.spec.ts');
    expect(found).toEqual([]);
  });

  it('pins every dependency exactly, and has none that nothing uses', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.values(all).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const sources = sourceFiles('libs', 'apps', 'test').flatMap((file) =>
      file.imports().map(({ specifier }) => specifier),
    );
    const scripts = Object.values(manifest.scripts).join('\n');
    const text = [scripts, ...modules('test'), ...modules('apps'), read('README.md')].join('\n');
    const unused = Object.keys(all).filter((name) => {
      if (SILENT.includes(name) || name === '@types/node' || name === '@types/jest') return false;
      const used = name.startsWith('@types/') ? name.slice('@types/'.length) : name;
      if (sources.some((specifier) => specifier === used || specifier.startsWith(`${used}/`))) return false;
      return (
        !text.includes(`'${used}'`) &&
        !text.includes(`'${used}/`) &&
        !scripts.includes(used.replace('@biomejs/', ''))
      );
    });
    expect(unused).toEqual([]);
  });

  it('has an executable .ci/run', () => {
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).toBe(0o111);
  });
});

/** `**` any folders, `*` any name. */
function globSource(pattern: string): string {
  return pattern
    .split(/(\*\*\/|\*)/)
    .map((part) => (part === '**/' ? '(?:.+/)?' : part === '*' ? '[^/]*' : part.replaceAll('.', '\\.')))
    .join('');
}

/** Texts of the plain modules (`.mjs`) under a folder. */
function modules(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.mjs') && !path.includes('node_modules'))
    .map((path) => read(join(folder, path)));
}
