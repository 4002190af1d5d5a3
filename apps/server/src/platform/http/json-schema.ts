import { z } from 'zod';

export type Json = Record<string, unknown>;

const COMPONENTS = '#/components/schemas/';

/**
 * The JSON Schema of a zod value; what has an id goes to the components and is referred to. A schema that differs
 * between what it takes and what it gives has its own component for either.
 */
export function asJsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const made: Json = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // The patterns of dates and times repeat at great length what `format` says.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  const { $schema, $defs = {}, id, ...rest } = made;
  for (const [name, value] of Object.entries($defs as Json)) components[name] = refer(withoutId(value as Json));
  if (typeof id !== 'string') return refer(rest) as Json;
  components[id] = refer(rest);
  return { $ref: `${COMPONENTS}${id}` };
}

function withoutId({ id, ...rest }: Json): Json {
  return rest;
}

/** Moves references from the schema's own definitions to the document's components. */
function refer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(refer);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', COMPONENTS) : refer(inner),
    ]),
  );
}
