// Writes docs/openapi.json: the admin API as OpenAPI 3.1, as every application serves it. Run after a build:
// node test/docs/openapi-page.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from 'nestjs-lockout/admin';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');

/** The file's text. */
export const openApiPage = () => `${JSON.stringify(openApiDocument(), null, 2)}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, openApiPage());
