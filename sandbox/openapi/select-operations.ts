import { z } from 'zod';

/** One operation, told in plain JSON Schema. `body` null: none is described. */
export type Operation = {
  query: { name: string; required: boolean; schema: unknown }[];
  body: { required: boolean; schema: unknown } | null;
  /** By status; null when the answer has no JSON. */
  responses: Record<string, unknown>;
};

export type Subset = {
  source: string;
  /** By `GET /repos/{}/{}`: names of path parameters do not matter. */
  operations: Record<string, Operation>;
  schemas: Record<string, unknown>;
};

type Description = {
  info: { version: string };
  paths: Record<string, Record<string, unknown>>;
  components: Record<string, Record<string, unknown>>;
};

const Content = z.object({ 'application/json': z.object({ schema: z.unknown() }).optional() });
const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  schema: z.unknown(),
});
const OperationShape = z.object({
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content: Content }).optional(),
  responses: z.record(z.string(), z.unknown()),
});
const ResponseShape = z.object({ content: Content.optional() });
const Reference = z.object({ $ref: z.string() });

/** Words that describe and do not constrain. */
const TALK = new Set([
  'description',
  'title',
  'example',
  'examples',
  'externalDocs',
  'deprecated',
  'default',
  'discriminator',
  'readOnly',
  'writeOnly',
  'xml',
]);
/** Formats that mean something to a validator; GitHub's own, such as `repo.nwo`, mean nothing to it. */
const FORMATS = new Set(['uri', 'date-time', 'date', 'email', 'uuid', 'hostname', 'ipv4', 'ipv6']);
/** Where the description itself is wrong: it wants an account to be a user and an enterprise at once. */
const MENDED: Record<string, Record<string, unknown>> = {
  'GET /app/installations': { 200: { type: 'array', items: { $ref: '#/schemas/installation' } } },
};
const KEYED_BY_NAME = new Set(['properties', 'patternProperties']);

/** The key under which an operation stands in the subset. */
export function operationKey(method: string, route: string): string {
  return `${method.toUpperCase()} ${route.replace(/\{[^}]*\}/g, '{}')}`;
}

/**
 * Cuts GitHub's OpenAPI description down to some routes and turns its schemas into JSON Schema. Its quirks are
 * mended on the way: a nullable enum that lacks null, `nullable` without a type, a URI whose default is empty.
 */
export function selectOperations(
  description: Description,
  routes: readonly { method: string; route: string }[],
): { subset: Subset; unknown: string[] } {
  const described = new Map<string, unknown>();
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) described.set(operationKey(method, path), operation);
  }
  const keys = [...new Set(routes.map(({ method, route }) => operationKey(method, route)))].sort();
  const unknown = keys.filter((key) => !described.has(key));
  const operations = Object.fromEntries(
    keys
      .filter((key) => described.has(key))
      .map((key) => [key, mend(key, readOperation(description, described.get(key)))]),
  );
  const subset = { source: description.info.version, operations, schemas: collectSchemas(description, operations) };
  return { subset, unknown };
}

function mend(key: string, operation: Operation): Operation {
  return { ...operation, responses: { ...operation.responses, ...MENDED[key] } };
}

function readOperation(description: Description, raw: unknown): Operation {
  const { parameters, requestBody, responses } = OperationShape.parse(raw);
  const schema = requestBody?.content['application/json']?.schema;
  return {
    query: parameters
      .map((one) => Parameter.parse(resolve(description, one)))
      .filter((one) => one.in === 'query')
      .map(({ name, required, schema: shape }) => ({ name, required, schema: toJsonSchema(shape) })),
    body:
      requestBody === undefined || schema === undefined
        ? null
        : { required: requestBody.required, schema: toJsonSchema(schema) },
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => {
        const { content } = ResponseShape.parse(resolve(description, response));
        const shape = content?.['application/json']?.schema;
        return [status, shape === undefined ? null : toJsonSchema(shape)];
      }),
    ),
  };
}

function resolve(description: Description, value: unknown): unknown {
  const reference = Reference.safeParse(value);
  if (!reference.success) return value;
  const [, , section = '', name = ''] = reference.data.$ref.split('/');
  return description.components[section]?.[name];
}

/** The named schemas that operations reach, and those these reach. */
function collectSchemas(description: Description, operations: unknown): Record<string, unknown> {
  const schemas = new Map<string, unknown>();
  const visit = (value: unknown): void => {
    for (const name of JSON.stringify(value).matchAll(/"#\/schemas\/([^"]+)"/g)) {
      const key = name[1] ?? '';
      if (schemas.has(key)) continue;
      const schema = toJsonSchema(description.components.schemas?.[key]);
      schemas.set(key, schema);
      visit(schema);
    }
  };
  visit(operations);
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const schema: Record<string, unknown> = {};
  let nullable = false;
  const mayBeEmpty = 'default' in value && value.default === '';
  for (const [key, inner] of Object.entries(value)) {
    if (TALK.has(key) || key.startsWith('x-')) continue;
    if (key === 'format' && (!FORMATS.has(String(inner)) || mayBeEmpty)) continue;
    if (key === 'nullable') nullable = inner === true;
    else if (key === '$ref') schema[key] = String(inner).replace('#/components/schemas/', '#/schemas/');
    else if (key === 'enum') schema[key] = inner;
    // Its alternatives are mostly optional fields, so several may fit.
    else if (key === 'oneOf') schema.anyOf = toJsonSchema(inner);
    else if (KEYED_BY_NAME.has(key)) schema[key] = mapValues(inner);
    else schema[key] = toJsonSchema(inner);
  }
  if (!nullable) return schema;
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };
}

/** Properties go by names of their own, which may be `title` or `description`. */
function mapValues(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJsonSchema(inner)]));
}
