import { z } from 'zod';

export type KnownNames = {
  /** The keys that may stand at a path, over every shape that is possible there. */
  namesAt(path: readonly PropertyKey[]): string[];
  /** The first key of every shape that is possible at a path: what tells a reader which one is meant. */
  kindsAt(path: readonly PropertyKey[]): string[];
};

/** What a configuration schema allows where. */
export function knownNames(schema: z.ZodType): KnownNames {
  let root: SchemaNode | null = null;
  const shapesAt = (path: readonly PropertyKey[]) => {
    root ??= readNode(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    let nodes = [root];
    for (const step of path) nodes = nodes.flatMap(expand).flatMap((node) => stepInto(node, String(step)));
    return nodes.flatMap(expand).map((node) => Object.keys(node.properties ?? {}));
  };
  return {
    namesAt: (path) => [...new Set(shapesAt(path).flat())],
    kindsAt: (path) => [...new Set(shapesAt(path).flatMap((names) => names.slice(0, 1)))],
  };
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
