import { z } from 'zod';

export type Schema = z.core.JSONSchema.JSONSchema;

/** JSON schema of what a person writes (`input`) or what is stored (`output`), without what only zod needs. */
export function readSchema(schema: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}

/** The schema behind a `boolean | schema` position; a bare `true` allows anything. */
export function asSchema(position: Schema | boolean | undefined): Schema {
  return typeof position === 'object' ? position : {};
}

/** The alternatives of a union; a schema that is none is its own only alternative. */
export function alternativesOf(schema: Schema): Schema[] {
  const found = schema.anyOf ?? schema.oneOf;
  return found === undefined ? [schema] : found.map(asSchema);
}
