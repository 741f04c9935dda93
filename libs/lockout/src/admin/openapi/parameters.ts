import type { z } from 'zod';
import { ADMIN_HEADER } from '../forgery.js';
import { IDEMPOTENCY_HEADER, MAX_IDEMPOTENCY_KEY_LENGTH } from '../idempotency/idempotency-key.js';
import { DEFAULT_HOURS, DEFAULT_LIMIT, MAX_HOURS, MAX_LIMIT } from '../schema.js';
import { fieldsOf, type JsonSchema } from './json-schema.js';
import type { Operation } from './operation.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

const text: JsonSchema = { type: 'string' };

/** What a name in a path or query stands for. */
const MEANINGS: Readonly<Record<string, string>> = {
  account: 'The account id, or with `unknown` the name that no account has.',
  address: 'An IPv4 or IPv6 address.',
  brand: 'A brand, as attempts name it.',
  cursor: '`nextCursor` of the page before.',
  device: 'A device, as attempts name it.',
  file: 'A file that the page names.',
  from: 'Only what happened then or later.',
  hours: 'How far back.',
  id: 'An opaque id that an answer gave.',
  limit: 'Most items of the page.',
  method: 'How one signs in; absent: whichever each policy counts.',
  name: 'The name of the policy.',
  q: 'The beginning of a label, or an exact name.',
  realm: 'A population of accounts.',
  sink: 'Only what is for this sink.',
  sort: 'What comes first: the latest of it.',
  state: 'Only what is locked, or everything with a record; of deliveries what waits, or what was given up.',
  type: 'Only events of this type.',
  unknown: 'Whether `account` is a name that no account has; absent: whichever is found.',
};

/** Read as text, meant as more. */
const MEANT: Readonly<Record<string, JsonSchema>> = {
  from: { type: 'string', format: 'date-time' },
  hours: { type: 'integer', minimum: 1, maximum: MAX_HOURS, default: DEFAULT_HOURS },
  limit: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
  unknown: { type: 'boolean' },
};

const described = (name: string) => {
  const description = MEANINGS[name];
  return description === undefined ? {} : { description };
};

const pathParameters = (path: string): readonly Parameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...described(name),
    schema: name === 'id' ? { ...text, pattern: '^[0-9a-f]{64}$' } : text,
  }));

const queryParameters = (query: z.ZodType): readonly Parameter[] =>
  fieldsOf(query).map(({ name, required, schema }) => ({
    name,
    in: 'query',
    required,
    ...described(name),
    schema: MEANT[name] ?? schema,
  }));

const adminHeader: Parameter = {
  name: ADMIN_HEADER,
  in: 'header',
  required: true,
  description: 'No form and no other site can send it.',
  schema: { const: '1' },
};

const idempotencyKey: Parameter = {
  name: IDEMPOTENCY_HEADER,
  in: 'header',
  required: false,
  description:
    'Any name for this call: sent again within a day it gets the same answer, and nothing is done twice.',
  schema: { ...text, minLength: 1, maxLength: MAX_IDEMPOTENCY_KEY_LENGTH },
};

const ifMatch = (needed: 'required' | 'optional'): Parameter => ({
  name: 'If-Match',
  in: 'header',
  required: needed === 'required',
  description: 'The `ETag` that was read: the change is made only if it is still that.',
  schema: text,
});

/** Whatever a call takes beside its body. */
export const parametersOf = ({
  path,
  query,
  changes,
  sendsJson,
  ifMatch: match,
}: Operation): readonly Parameter[] => [
  ...pathParameters(path),
  ...(query ? queryParameters(query) : []),
  ...(sendsJson ? [adminHeader] : []),
  ...(changes ? [idempotencyKey] : []),
  ...(match ? [ifMatch(match)] : []),
];
