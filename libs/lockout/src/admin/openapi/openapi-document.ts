import { ANSWERS, REQUESTS } from './components.js';
import { componentsOf, type JsonSchema } from './json-schema.js';
import type { HeaderName, Operation, SuccessAnswer } from './operation.js';
import { OPERATIONS } from './operations.js';
import { parametersOf } from './parameters.js';
import { PROBLEMS, type ProblemStatus } from './problem-answers.js';

/** An OpenAPI document, as plain JSON. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const DESCRIPTION =
  'See, lift and set locks, change policies, and look after deliveries. Behind the guards of the application, which decide how one signs in. ' +
  'State changes are JSON with the header `X-Lockout-Admin: 1` and a reason; problems are `application/problem+json`.';

const TAGS = [
  { name: 'overview', description: 'Who asks, what is going on, and what an attempt would meet.' },
  { name: 'accounts', description: 'Accounts, their locks and counters.' },
  { name: 'addresses', description: 'Addresses as such, whatever account they tried.' },
  { name: 'records', description: 'Single records by their opaque id.' },
  { name: 'events', description: 'What was recorded.' },
  { name: 'deliveries', description: 'Events on their way to sinks: what waits, and what was given up.' },
  { name: 'policies', description: 'What governs, and what administrators saved over code.' },
  { name: 'documents', description: 'This document, and the console.' },
];

const HEADERS: Readonly<Record<HeaderName | 'Retry-After' | 'Idempotency-Replayed', JsonSchema>> = {
  ETag: { description: 'What it is now, for `If-Match` and `If-None-Match`.', schema: { type: 'string' } },
  'Content-Disposition': { description: 'The name of the file.', schema: { type: 'string' } },
  Location: { description: 'Where to go on.', schema: { type: 'string', format: 'uri-reference' } },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } },
  'Idempotency-Replayed': {
    description: '`true`: this is the answer to the first call with this `Idempotency-Key`.',
    schema: { const: 'true' },
  },
};

const ref = (kind: 'schemas' | 'responses' | 'headers', name: string) => ({
  $ref: `#/components/${kind}/${name}`,
});

const headersOf = (names: readonly string[]) =>
  names.length === 0
    ? {}
    : { headers: Object.fromEntries(names.map((name) => [name, ref('headers', name)])) };

function successAnswer({ says, schema, contentType, headers = [] }: SuccessAnswer, changes: boolean) {
  const content = schema
    ? { content: { 'application/json': { schema: ref('schemas', schema) } } }
    : contentType
      ? { content: { [contentType]: { schema: { type: 'string' } } } }
      : {};
  return {
    description: says,
    ...headersOf([...headers, ...(changes ? ['Idempotency-Replayed'] : [])]),
    ...content,
  };
}

function problemAnswer(status: ProblemStatus) {
  const problem = { 'application/problem+json': { schema: ref('schemas', 'Problem') } };
  // What guards answer is the application's.
  const content = status === 401 ? { '*/*': {} } : status === 403 ? { ...problem, '*/*': {} } : problem;
  const headers = status === 503 || status === 409 ? ['Retry-After'] : [];
  return { description: PROBLEMS[status].says, ...headersOf(headers), content };
}

function operationOf(operation: Operation) {
  const { id, tag, summary, body, answers, problems, changes = false } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: ref('schemas', body) } } } }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, successAnswer(answer, changes)]),
      ),
      ...Object.fromEntries(problems.map((status) => [status, ref('responses', PROBLEMS[status].name)])),
    },
  };
}

function pathsOf(operations: readonly Operation[]): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method] = operationOf(operation);
    paths[operation.path] = path;
  }
  return paths;
}

/**
 * The admin API as OpenAPI 3.1: the same for every application, except where it is mounted.
 * @param server where the API is, as a URL or relative to the document. Default `/lockout`.
 */
export const openApiDocument = (server = '/lockout'): OpenApiDocument => ({
  openapi: '3.1.1',
  info: {
    title: 'nestjs-lockout admin API',
    description: DESCRIPTION,
    license: { name: 'MIT', identifier: 'MIT' },
    version: '1',
  },
  servers: [{ url: server }],
  tags: TAGS,
  paths: pathsOf(OPERATIONS),
  components: {
    schemas: { ...componentsOf(ANSWERS, 'output'), ...componentsOf(REQUESTS, 'input') },
    responses: Object.fromEntries(
      (Object.keys(PROBLEMS).map(Number) as ProblemStatus[]).map((status) => [
        PROBLEMS[status].name,
        problemAnswer(status),
      ]),
    ),
    headers: HEADERS,
  },
});
