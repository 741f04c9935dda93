import { posix } from 'node:path';
import { type ImportedModule, LIBRARY, type SourceFile } from './source-file.js';

/** What the files of one layer may import beside files of their own folder. */
interface Layer {
  /** Other folders of the library. */
  readonly folders: readonly string[];
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages and `node:` modules. */
  readonly packages: readonly string[];
}

/** Folders that know neither a framework nor a database. */
const CORE = ['policy', 'key', 'store', 'audit', 'notify'];
const NEST = ['@nestjs/common', '@nestjs/core', 'rxjs', 'reflect-metadata'];

/**
 * The import rule of `docs/design/architecture.md`: imports only point down. A folder that is not named here does not
 * exist. `index` is the root subpath.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  policy: { folders: [], packages: [] },
  key: { folders: [], types: ['policy'], packages: ['node:crypto', 'ipaddr.js'] },
  store: { folders: ['policy', 'key'], packages: ['node:crypto', 'cockatiel'] },
  audit: { folders: ['policy', 'key'], packages: ['node:crypto'] },
  notify: { folders: ['policy', 'key', 'store'], packages: ['standardwebhooks'] },
  engine: { folders: CORE, packages: ['node:crypto', 'node:perf_hooks', 'node:timers/promises'] },
  typeorm: {
    folders: ['store', 'audit', 'key'],
    types: ['policy'],
    packages: ['typeorm', 'node:crypto', 'node:fs', 'node:path', 'node:perf_hooks', 'node:timers/promises'],
  },
  redis: {
    folders: ['store', 'audit', 'key'],
    types: ['policy'],
    packages: ['ioredis', 'node:crypto'],
  },
  nest: {
    folders: [...CORE, 'engine'],
    packages: [...NEST, 'escape-html', 'node:crypto', 'node:net', 'node:os', 'node:cluster'],
  },
  passport: {
    folders: [...CORE, 'engine', 'nest'],
    packages: [...NEST, 'passport', 'passport-strategy', '@nestjs/passport'],
  },
  admin: {
    folders: [...CORE, 'engine', 'nest'],
    packages: [
      ...[...NEST, 'zod', 'intl-messageformat', 'node:crypto', 'node:fs', 'node:path', 'node:url'],
      ...['node:stream', 'node:stream/promises'],
    ],
  },
  mail: {
    folders: [...CORE, 'engine', 'nest'],
    packages: [...NEST, 'nodemailer', 'bowser', 'escape-html', 'intl-messageformat', 'node:timers/promises'],
  },
  telemetry: { folders: [...CORE, 'engine', 'nest'], packages: [...NEST, '@opentelemetry/api'] },
  terminus: { folders: [...CORE, 'engine', 'nest'], packages: [...NEST, '@nestjs/terminus'] },
  cli: {
    // The operator's console answers by the engine and the views of admin, over the store that it opens itself.
    folders: ['policy', 'key', 'store', 'engine', 'admin', 'typeorm', 'redis'],
    packages: [
      ...[
        'commander',
        'csv-parse',
        'cli-progress',
        'cli-table3',
        'escape-html',
        'uplot',
        'zod',
        '@bomb.sh/tab',
      ],
      // Loaded only where a database of the kind is opened.
      ...['typeorm', 'ioredis', 'libsql'],
      ...['node:crypto', 'node:fs', 'node:module', 'node:path', 'node:stream'],
      ...['node:readline/promises', 'node:util'],
    ],
  },
  testing: {
    folders: ['policy', 'key', 'store'],
    packages: ['node:assert/strict', 'node:crypto', 'fast-check'],
  },
  index: { folders: [...CORE, 'engine', 'nest'], packages: [] },
};

/** What a folder's specs may import too: everything a test needs, and what is made for tests. */
const SPEC: Layer = {
  folders: ['policy', 'key', 'store', 'testing'],
  packages: ['@jest/globals', 'fast-check', 'ipaddr.js', 'typescript'],
};

/** The one file of a store's folder that knows Nest, and what it may import. */
const STORE_MODULES: readonly { readonly file: RegExp; readonly packages: readonly string[] }[] = [
  {
    file: /\/typeorm\/[^/]*module(\.spec)?\.ts$/,
    packages: ['@nestjs/common', '@nestjs/core', '@nestjs/typeorm'],
  },
  { file: /\/redis\/[^/]*module(\.spec)?\.ts$/, packages: ['@nestjs/common'] },
];

/** The layer of a file of the library: its first folder, or `index`. */
export function layerOf(path: string): string {
  const [first = ''] = path.slice(LIBRARY.length + 1).split('/');
  return first.endsWith('.ts') ? 'index' : first;
}

/** Why a file of the library may not import this; null: it may. */
export function libraryViolation(file: SourceFile, imported: ImportedModule): string | null {
  const name = layerOf(file.path);
  const layer = LAYERS[name];
  if (!layer) return `the folder ${name} has no import rule`;
  const { specifier, typeOnly } = imported;
  if (!specifier.startsWith('.')) {
    const allowed = [...layer.packages];
    for (const module of STORE_MODULES) {
      if (module.file.test(file.path)) allowed.push(...module.packages);
    }
    if (file.isSpec) allowed.push(...SPEC.packages);
    if (allowed.includes(specifier) || (file.isSpec && specifier.startsWith('node:'))) return null;
    return `${name} may not import ${specifier}`;
  }
  const target = posix.join(posix.dirname(file.path), specifier);
  if (!target.startsWith(`${LIBRARY}/`)) return `${name} may not reach outside the library (${specifier})`;
  if (!specifier.endsWith('.js')) return `${specifier} lacks its .js`;
  const to = layerOf(target.replace(/\.js$/, '.ts'));
  if (to === name) return null;
  if (layer.folders.includes(to)) return null;
  if (layer.types?.includes(to))
    return typeOnly || file.isSpec ? null : `${name} may import only types of ${to}`;
  if (file.isSpec && SPEC.folders.includes(to)) return null;
  return `${name} may not import ${to}`;
}

/** Why a file of `apps` or `test` may not import this: of the library it sees the published subpaths, nothing else. */
export function consumerViolation(
  file: SourceFile,
  imported: ImportedModule,
  subpaths: readonly string[],
): string | null {
  const { specifier } = imported;
  if (specifier === 'nestjs-lockout' || specifier.startsWith('nestjs-lockout/')) {
    return subpaths.includes(specifier) ? null : `${specifier} is not a published subpath`;
  }
  if (!specifier.startsWith('.')) return null;
  const target = posix.join(posix.dirname(file.path), specifier);
  if (target.startsWith('libs/')) return `${specifier} reaches into the library: import a published subpath`;
  if (target.startsWith('apps/') || target.startsWith('test/')) return null;
  return `${specifier} reaches outside the workspace`;
}
