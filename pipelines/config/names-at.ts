import { z } from 'zod';

/** The keys a configuration schema allows at a path, over every shape that is possible there. */
export function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let nodes = [readNode(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))];
  for (const step of path) nodes = nodes.flatMap(expand).flatMap((node) => stepInto(node, String(step)));
  return [...new Set(nodes.flatMap(expand).flatMap((node) => Object.keys(node.properties ?? {})))];
}

const nodeSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
type SchemaNode = z.infer<typeof nodeSchema>;

function readNode(value: unknown): SchemaNode {
  const parsed = nodeSchema.safeParse(value);
  return parsed.success ? parsed.data : {};
}

function expand(node: SchemaNode): SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap((branch) => expand(readNode(branch)))];
}

function stepInto(node: SchemaNode, step: string): SchemaNode[] {
  const named = node.properties?.[step];
  const next = named ?? (/^\d+$/.test(step) && node.items !== undefined ? node.items : node.additionalProperties);
  return typeof next === 'object' && next !== null ? [readNode(next)] : [];
}
