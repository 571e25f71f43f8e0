import { parse } from 'yaml';
import { z } from 'zod';
import { loadWorkflowParser } from '../expressions/load-workflow-parser.ts';
import {
  dispatchInputSchema,
  filterSchema,
  type Triggers,
  type Workflow,
  type WorkflowFault,
  workflowBodySchema,
} from './workflow.ts';

const noTriggers: Triggers = { filters: {}, schedules: [], dispatchInputs: {} };
const nameSchema = z.object({ name: z.string().min(1) });
const scheduleSchema = z.array(z.object({ cron: z.string(), timezone: z.string().optional() }));
// Taken from YAML: the official parser forgets the type `number` and its default.
const inputsSchema = z
  .object({ on: z.object({ workflow_dispatch: z.object({ inputs: z.record(z.string(), z.unknown()) }) }) })
  .transform(({ on }) => on.workflow_dispatch.inputs);

/**
 * Parses a workflow file with GitHub's own parser, which says what is wrong and where. The values themselves are taken
 * from YAML, because the parser's own model leaves out `with`, `shell`, `working-directory` and time limits.
 */
export async function parseWorkflowFile(path: string, content: string): Promise<Workflow> {
  const parser = await loadWorkflowParser();
  const parsed = parser.parseWorkflow({ name: path, content }, new parser.NoOperationTraceWriter());
  const template =
    parsed.value === undefined
      ? undefined
      : await parser.convertWorkflowTemplate(parsed.context, parsed.value, undefined, {
          // Also with faults, so that the run that reports them starts by the events the file names.
          errorPolicy: parser.ErrorPolicy.TryConversion,
        });
  const faults: WorkflowFault[] = parsed.context.errors.getErrors().map((error) => ({
    line: error.range?.start.line ?? 1,
    column: error.range?.start.column ?? 1,
    message: error.rawMessage,
  }));
  const values = readYaml(content);
  const name = nameSchema.safeParse(values).data?.name ?? path;
  const triggers =
    template?.events === undefined
      ? noTriggers
      : readTriggers(template.events, inputsSchema.safeParse(values).data ?? {});
  if (faults.length > 0) return { path, name, triggers, body: null, faults };
  const body = workflowBodySchema.safeParse(values);
  if (body.success) return { path, name, triggers, body: body.data, faults };
  return {
    path,
    name,
    triggers,
    body: null,
    faults: body.error.issues.map((issue) => ({
      line: 1,
      column: 1,
      message: `${issue.path.join('.')}: ${issue.message}`,
    })),
  };
}

function readYaml(content: string): unknown {
  try {
    return parse(content);
  } catch {
    // The official parser has reported it with its position.
    return null;
  }
}

function readTriggers(events: Record<string, unknown>, inputs: Record<string, unknown>): Triggers {
  const { schedule, workflow_dispatch: dispatch, workflow_call: _call, ...others } = events;
  const filters = Object.fromEntries(
    Object.entries(others).map(([event, filter]) => [event, filterSchema.safeParse(filter ?? {}).data ?? {}]),
  );
  return {
    filters: {
      ...filters,
      ...(dispatch === undefined ? {} : { workflow_dispatch: {} }),
      ...(schedule === undefined ? {} : { schedule: {} }),
    },
    schedules: (scheduleSchema.safeParse(schedule).data ?? []).map(({ cron, timezone }) => ({
      cron,
      timezone: timezone ?? null,
    })),
    dispatchInputs: Object.fromEntries(
      Object.entries(inputs).map(([key, input]) => [
        key,
        dispatchInputSchema.catch({ type: 'string', required: false }).parse(input ?? {}),
      ]),
    ),
  };
}
