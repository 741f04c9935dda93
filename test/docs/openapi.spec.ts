import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ROOT } from './document.js';
import { openApiPage } from './openapi-page.mjs';

const page = readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8');

/** Everything in a document that refers to a part of it. */
const referencesIn = (text: string): readonly string[] =>
  [...text.matchAll(/"\$ref": "#([^"]+)"/g)].map(([, pointer = '']) => pointer);

const partAt = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
      document,
    );

describe('docs/openapi.json', () => {
  it('is what applications serve: `npm run docs:openapi` changes nothing', () => {
    expect(openApiPage()).toBe(page);
  });

  it('is the same each time it is made', () => {
    expect(openApiPage()).toBe(openApiPage());
  });

  it('is OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(page));
    expect([errors, valid, validator.version]).toEqual([undefined, true, '3.1']);
  });

  it('would not be with something misplaced', async () => {
    const document = JSON.parse(page);
    document.paths['/accounts'].get.answers = {};
    expect((await new Validator().validate(document)).valid).toBe(false);
  });

  it('refers to nothing that it does not have, and has nothing that it does not need', () => {
    const document: unknown = JSON.parse(page);
    const references = new Set(referencesIn(page));
    expect([...references].filter((pointer) => partAt(document, pointer) === undefined)).toEqual([]);
    const components = Object.entries(JSON.parse(page).components as Record<string, object>).flatMap(
      ([kind, named]) => Object.keys(named).map((name) => `/components/${kind}/${name}`),
    );
    // Told by the description of the stream.
    const spoken = ['/components/schemas/ChangedTick'];
    expect(components.filter((name) => !references.has(name) && !spoken.includes(name))).toEqual([]);
  });

  it('names each call once, and every place in its path', () => {
    const { paths } = JSON.parse(page) as {
      paths: Record<
        string,
        Record<string, { operationId: string; parameters?: { in: string; name: string }[] }>
      >;
    };
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((call) => call.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const [path, methods] of Object.entries(paths)) {
      const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        expect(parameters.filter((known) => known.in === 'path').map(({ name }) => name)).toEqual(places);
      }
    }
  });
});
