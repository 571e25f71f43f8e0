import { z } from 'zod';
import { type Parameter, parameterSchema } from '../contracts/run-record.ts';
import { PulltrainError } from '../errors.ts';
import { type Context, interpolate, textOf } from './interpolate.ts';

/** One stage to be resolved: its definition, its full name, and what `item` and `key` mean in it. */
export type ExpandedStage = { name: string; definition: Record<string, unknown>; context: Context };

const listOrMapping = z.union([z.array(parameterSchema).min(1), z.record(z.string(), parameterSchema)]);
/** Cells of one matrix; a few axes multiply quickly. */
const mostCells = 1000;
const definitionSchema = z.record(z.string(), z.unknown());

/**
 * Unrolls `foreach`/`do` and `matrix` into stages named as DVC names them: `train@us`, `train@0` for lists of mappings,
 * `train@us-gbm` for a matrix. A plain stage gives itself. Throws `template-invalid`.
 */
export function expandStage(name: string, raw: Record<string, unknown>, context: Context): ExpandedStage[] {
  if ('foreach' in raw || 'do' in raw) return expandForeach(name, raw, context);
  if ('matrix' in raw) return expandMatrix(name, raw, context);
  return [{ name, definition: raw, context }];
}

function expandForeach(name: string, raw: Record<string, unknown>, context: Context): ExpandedStage[] {
  const { foreach, do: body, ...others } = raw;
  const stray = Object.keys(others);
  if (stray.length > 0) throw invalid(`${stray.join(', ')} beside foreach and do; it belongs inside do`);
  const definition = definitionSchema.safeParse(body);
  if (!definition.success) throw invalid('foreach needs do, the stage to repeat');
  const items = listOrMapping.safeParse(interpolate(foreach, context));
  if (!items.success) throw invalid('foreach needs a list or a mapping that is not empty');
  if (Array.isArray(items.data)) {
    // One list or mapping among the items, and all of them are numbered.
    const numbered = items.data.some((item) => labelOf(item) === undefined);
    return items.data.map((item, index) => ({
      name: `${name}@${numbered ? index : labelOf(item)}`,
      definition: definition.data,
      context: { ...context, item },
    }));
  }
  return Object.entries(items.data).map(([key, item]) => ({
    name: `${name}@${key}`,
    definition: definition.data,
    context: { ...context, item, key },
  }));
}

function expandMatrix(name: string, raw: Record<string, unknown>, context: Context): ExpandedStage[] {
  const { matrix, ...definition } = raw;
  const axes = z.record(z.string(), z.array(parameterSchema).min(1)).safeParse(interpolate(matrix, context));
  if (!axes.success) throw invalid('matrix needs a mapping of lists that are not empty');
  const count = Object.values(axes.data).reduce((product, values) => product * values.length, 1);
  if (count > mostCells) throw invalid(`matrix has ${count} cells, more than ${mostCells}`);
  let cells: { label: string; item: Context }[] = [{ label: '', item: {} }];
  for (const [axis, values] of Object.entries(axes.data)) {
    cells = cells.flatMap((cell) =>
      values.map((value, index) => ({
        label: `${cell.label}${cell.label === '' ? '' : '-'}${labelOf(value) ?? `${axis}${index}`}`,
        item: { ...cell.item, [axis]: value },
      })),
    );
  }
  return cells.map(({ label, item }) => ({
    name: `${name}@${label}`,
    definition,
    context: { ...context, item, key: label },
  }));
}

function labelOf(item: Parameter): string | undefined {
  return typeof item === 'object' && item !== null ? undefined : textOf(item);
}

function invalid(what: string): PulltrainError {
  return new PulltrainError('template-invalid', { what });
}
