import { z } from 'zod';
import { durationSchema } from '../config/schema.ts';
import { repositoryPathSchema } from '../contracts/common.ts';
import { serviceNameSchema } from '../contracts/feature-pin.ts';
import { keyTypeSchema, valueTypeSchema } from './feature-types.ts';

/** Names of entities, views and inputs; they stand in file names, references and SQL. */
const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/i, 'expected a letter, then letters, digits or "_", 63 at most');
const columnSchema = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must be refused.
  .regex(/^[^\u0000-\u001f:]{1,128}$/, 'expected the name of a column, without ":"');
const described = {
  description: z.string().max(2000).optional(),
  owner: z.string().max(200).optional(),
  tags: z.array(z.string().max(100)).max(50).optional(),
};

const featureSchema = z.union([valueTypeSchema, z.strictObject({ type: valueTypeSchema, ...described })]);
const inputSchema = z.union([repositoryPathSchema, z.strictObject({ view: nameSchema })]);
const sourceSchema = z.union([
  z.strictObject({ file: repositoryPathSchema.describe('Table in the repository or behind a pointer.') }),
  z.strictObject({
    sql: z
      .string()
      .min(1)
      .max(100_000)
      .describe('One SELECT over the inputs, or the path of a .sql file beside this one.'),
    inputs: z.record(nameSchema, inputSchema).describe('What the SQL may read, by the name it has there.'),
  }),
]);

const viewSchema = z.strictObject({
  ...described,
  entity: z.union([nameSchema, z.array(nameSchema).min(1).max(10)]).describe('Whom the features are about.'),
  source: sourceSchema.describe('Where the rows come from.'),
  time: columnSchema.describe('Column with the time at which a value holds.'),
  created: columnSchema.optional().describe('Column with the time at which a value was known.'),
  ttl: durationSchema.optional().describe('Age at which a value is too old to be used; never when left out.'),
  features: z.record(columnSchema, featureSchema).describe('Features by column, with their types.'),
});

const itemSchema = z.union([
  z.string().describe('`view` for all of its features, `view:feature` for one.'),
  z.strictObject({
    view: z.string().describe('Name of a view, with `@` and the beginning of its definition to insist on that one.'),
    features: z.array(columnSchema).min(1).optional().describe('All of the view when left out.'),
    keys: z.record(columnSchema, columnSchema).optional().describe('Column of the rows by join key of the entity.'),
    as: z.record(columnSchema, columnSchema).optional().describe('Name in the result by feature.'),
  }),
]);

const serviceSchema = z.strictObject({ ...described, features: z.array(itemSchema).min(1).max(500) });

/** One `features/*.yml`. */
export const definitionFileSchema = z.strictObject({
  version: z.literal(1),
  entities: z
    .record(nameSchema, z.strictObject({ ...described, keys: z.record(columnSchema, keyTypeSchema) }))
    .default({}),
  views: z.record(nameSchema, viewSchema).default({}),
  services: z.record(serviceNameSchema, serviceSchema).default({}),
});
export type DefinitionFile = z.infer<typeof definitionFileSchema>;
export type ViewText = z.infer<typeof viewSchema>;
export type ServiceItemText = z.infer<typeof itemSchema>;
