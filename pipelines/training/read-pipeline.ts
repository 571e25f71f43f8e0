import posix from 'node:path/posix';
import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { describeIssue } from '../config/describe-issue.ts';
import { knownNames } from '../config/known-names.ts';
import { locateNode } from '../config/locate-node.ts';
import { valueAt } from '../config/value-at.ts';
import { PulltrainError } from '../errors.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import { type ExpandedStage, expandStage } from './expand-stage.ts';
import { type Context, interpolate, interpolateCommand } from './interpolate.ts';
import { type PipelineFault, PipelineInvalid } from './pipeline-invalid.ts';
import { pipelineSchema, stageSchema } from './pipeline-schema.ts';
import { readContext } from './read-context.ts';
import { readParameters } from './read-parameters.ts';
import { resolveStage } from './resolve-stage.ts';
import type { Stage } from './stage.ts';
import { stageOptionsSchema } from './stage-options.ts';

type Text = { file: string; document: Document; counter: LineCounter; value: unknown };

/** Pipelines come from pull requests and are read on the trusted side too; nobody writes this much by hand. */
const largestText = 1_048_576;
const mostStages = 1000;

/**
 * Reads a `dvc.yaml` as DVC does: templating with `params.yaml` and `vars`, `foreach` and `matrix`, then the stages with
 * paths relative to the repository root. Throws `PipelineInvalid` with every fault.
 */
export async function readPipeline(tree: SourceTree, file: string): Promise<Stage[]> {
  const bytes = await tree.read(file);
  if (bytes === null) {
    throw new PulltrainError('pipeline-missing', { what: 'there is no such pipeline file', where: file });
  }
  if (bytes.length > largestText) {
    throw new PipelineInvalid(file, [{ where: file, message: `is longer than ${largestText} bytes` }]);
  }
  const text = parseText(new TextDecoder().decode(bytes), file);
  const { value } = text;
  const frame = pipelineSchema.safeParse(value);
  if (!frame.success) throw new PipelineInvalid(file, shapeFaults(frame.error, pipelineSchema, value, text, []));

  const folder = posix.dirname(file) === '.' ? '' : posix.dirname(file);
  const context = await readTopContext(frame.data.vars, folder, tree, file);
  const stages: Stage[] = [];
  const faults: PipelineFault[] = [];
  for (const [name, raw] of Object.entries(frame.data.stages)) {
    const expanded = tryTo(() => expandStage(name, raw, context), text, name, faults) ?? [];
    if (stages.length + expanded.length > mostStages) {
      throw new PipelineInvalid(file, [{ where: file, message: `unrolls to more than ${mostStages} stages` }]);
    }
    for (const one of expanded) {
      const stage = await readStage(one, name, folder, tree, text, faults);
      if (stage !== null) stages.push(stage);
    }
  }
  if (stages.length === 0 && faults.length === 0) faults.push({ where: file, message: 'has no stage' });
  if (faults.length > 0) throw new PipelineInvalid(file, faults);
  return stages;
}

function parseText(source: string, file: string): Text {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter, prettyErrors: false });
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ message, pos }) => {
      const { line, col } = counter.linePos(pos[0]);
      return { where: `${file}:${line}:${col}`, message };
    });
    throw new PipelineInvalid(file, faults);
  }
  try {
    return { file, document, counter, value: document.toJS({ maxAliasCount: 100 }) ?? {} };
  } catch (cause) {
    // An alias that stands for too much, or for nothing.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PipelineInvalid(file, [{ where: file, message }]);
  }
}

/** `params.yaml` beside the pipeline is known to templates without being named, but may be absent. */
async function readTopContext(
  vars: readonly unknown[],
  folder: string,
  tree: SourceTree,
  file: string,
): Promise<Context> {
  try {
    const defaults = (await readParameters(tree, posix.join(folder, 'params.yaml'))) ?? {};
    return await readContext(defaults, vars, folder, tree);
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError)) throw thrown;
    throw new PipelineInvalid(file, [{ where: 'vars', message: thrown.message }]);
  }
}

async function readStage(
  expanded: ExpandedStage,
  entry: string,
  folder: string,
  tree: SourceTree,
  text: Text,
  faults: PipelineFault[],
): Promise<Stage | null> {
  const place = locate(text, ['stages', entry]);
  try {
    const { cmd, vars, ...rest } = expanded.definition;
    const wdir = typeof rest.wdir === 'string' ? interpolate(rest.wdir, expanded.context) : '.';
    const around = posix.join(folder, typeof wdir === 'string' ? wdir : '.');
    const context = Array.isArray(vars) ? await readContext(expanded.context, vars, around, tree) : expanded.context;
    const definition = {
      ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, interpolate(value, context)])),
      ...(cmd === undefined ? {} : { cmd: resolveCommand(cmd, context) }),
    };
    const shape = stageSchema.safeParse(definition);
    if (!shape.success) {
      const base = ['stages', entry, ...('do' in (stageOf(text, entry) ?? {}) ? ['do'] : [])];
      faults.push(...shapeFaults(shape.error, stageSchema, definition, text, base, expanded.name));
      return null;
    }
    const own = valueAt(shape.data.meta, ['pulltrain']) ?? {};
    const options = stageOptionsSchema.safeParse(own);
    if (!options.success) {
      const base = ['stages', entry, ...('do' in (stageOf(text, entry) ?? {}) ? ['do'] : []), 'meta', 'pulltrain'];
      faults.push(...shapeFaults(options.error, stageOptionsSchema, own, text, base, expanded.name));
      return null;
    }
    return resolveStage(expanded.name, shape.data, { folder, place, options: options.data });
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError)) throw thrown;
    faults.push({ where: place, message: `stage ${expanded.name}: ${thrown.message}` });
    return null;
  }
}

function resolveCommand(cmd: unknown, context: Context): unknown {
  if (typeof cmd === 'string') return interpolateCommand(cmd, context);
  return Array.isArray(cmd) ? cmd.map((line) => resolveCommand(line, context)) : cmd;
}

function tryTo<Value>(work: () => Value, text: Text, entry: string, faults: PipelineFault[]): Value | null {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError)) throw thrown;
    faults.push({ where: locate(text, ['stages', entry]), message: `stage ${entry}: ${thrown.message}` });
    return null;
  }
}

function shapeFaults(
  error: z.ZodError,
  schema: z.ZodType,
  value: unknown,
  text: Text,
  base: readonly string[],
  stage?: string,
): PipelineFault[] {
  const names = knownNames(schema);
  return error.issues
    .flatMap((issue) => describeIssue(issue, (path) => valueAt(value, path), names))
    .map(({ path, message, key }) => ({
      where: locate(text, [...base, ...path], key),
      message: `${stage === undefined ? '' : `stage ${stage}: `}${path.length === 0 ? '' : `${path.join('.')}: `}${message}`,
    }));
}

function locate({ file, document, counter }: Text, path: readonly PropertyKey[], key = false): string {
  const { line, column } = locateNode(document, counter, path, { key });
  return `${file}:${line}:${column}`;
}

function stageOf({ value }: Text, entry: string): object | null {
  const stage = valueAt(value, ['stages', entry]);
  return typeof stage === 'object' ? stage : null;
}
