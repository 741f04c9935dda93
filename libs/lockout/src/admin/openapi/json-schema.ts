import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

type Schemas = Readonly<Record<string, z.ZodType>>;

/** What belongs to a schema that stands by itself, and not into a document. */
const OWN_DOCUMENT = ['$schema', '$id'];

const refTo = (name: string): string => `#/components/schemas/${name}`;

/** Schemas by name, each as a component that the others refer to. `io`: what goes in, or what comes out. */
export function componentsOf(schemas: Schemas, io: 'input' | 'output'): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, {
    io,
    uri: refTo,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Answers may gain fields in any release: a client that refuses what it does not know would break.
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      // Said by the type or format already, and hard to read.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return Object.fromEntries(Object.entries(made).map(([name, schema]) => [name, fragment(schema)]));
}

/** The fields of a query, each with its schema and whether it must be given. */
export function fieldsOf(
  schema: z.ZodType,
): readonly { readonly name: string; readonly required: boolean; readonly schema: JsonSchema }[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, field]) => ({
    name,
    required: required.includes(name),
    schema: fragment(field),
  }));
}

const fragment = (schema: unknown): JsonSchema =>
  Object.fromEntries(Object.entries(schema ?? {}).filter(([key]) => !OWN_DOCUMENT.includes(key)));
