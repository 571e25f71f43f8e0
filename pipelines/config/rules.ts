import { z } from 'zod';
import { metricNameSchema, taskSchema } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import { metricFacts, metricsOfTask } from '../evaluation/metric-catalogue.ts';
import { readDimension } from '../sweeps/parse-dimension.ts';

/** A fault that needs more than one key to be seen; the path is relative to the model. */
export type RuleFault = { path: (string | number)[]; message: string };

const names = z.array(z.string()).catch([]);
const word = z.string().optional().catch(undefined);

/**
 * A model as far as it can be read: what is broken in shape is left out (the schema reports it), so that the rules still
 * speak about the rest.
 */
export const looseModelSchema = z.object({
  task: taskSchema.optional().catch(undefined),
  holdout: z
    .object({
      data: word,
      time: word,
      target: word,
      window: z.unknown().optional(),
      labels: names.optional(),
      query: word,
      fold: z.object({ of: z.number(), use: z.number() }).optional().catch(undefined),
    })
    .catch({}),
  classes: z.array(z.unknown()).optional().catch(undefined),
  threshold: z.unknown().optional(),
  slices: names,
  protected: names,
  metrics: z.object({ primary: word, also: names }).optional().catch(undefined),
  gates: z
    .array(
      z
        .object({
          metric: word,
          fairness: word,
          calibration: word,
          by: word,
          slice: z.record(z.string(), z.unknown()).optional().catch(undefined),
          slices: z
            .union([z.literal('all'), z.array(z.string())])
            .optional()
            .catch(undefined),
        })
        .catch({}),
    )
    .catch([]),
  rollout: z
    .object({
      steps: z
        .array(z.union([z.string(), z.number()]))
        .optional()
        .catch(undefined),
    })
    .catch({}),
  monitor: z.unknown().optional(),
  retrain: z
    .object({
      on: names,
      snapshot: z.unknown().optional(),
      window: z.object({ from: word, to: word }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  sweep: z
    .object({
      space: z.record(z.string(), z.unknown()).catch({}),
      halving: z
        .object({ from: z.number(), to: z.number(), keep: z.number().default(3) })
        .optional()
        .catch(undefined),
      validation: z.object({ data: word, window: z.unknown().optional() }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});
export type LooseModel = z.infer<typeof looseModelSchema>;

/** Each rule looks at one thing and lists every place where it is broken. */
export const modelRules: readonly ((model: LooseModel) => RuleFault[])[] = [
  fairnessIsProtected,
  fairnessIsBinary,
  slicesAreKept,
  sliceOrSlices,
  calibrationHasScores,
  thresholdDecides,
  taskHasItsColumns,
  metricFitsTask,
  gatedMetricIsComputed,
  windowNeedsTime,
  foldIsThere,
  stepsRise,
  retrainingKnowsItsData,
  sweepCanBe,
  rankingSparesHoldout,
  listsHaveNoDoubles,
];

function fairnessIsProtected(model: LooseModel): RuleFault[] {
  return model.gates.flatMap(({ fairness, by }, index) =>
    fairness === undefined || by === undefined || model.protected.includes(by)
      ? []
      : [{ path: ['gates', index, 'by'], message: `"${by}" is not in protected (${list(model.protected)})` }],
  );
}

function fairnessIsBinary(model: LooseModel): RuleFault[] {
  if (model.task === undefined || model.task === 'binary') return [];
  return model.gates.flatMap(({ fairness }, index) =>
    fairness === undefined
      ? []
      : [
          {
            path: ['gates', index, 'fairness'],
            message: `a fairness gate needs task binary, and this is ${model.task}`,
          },
        ],
  );
}

/** Only columns that are read with the holdout can be sliced by. */
function slicesAreKept(model: LooseModel): RuleFault[] {
  const kept = [...new Set([...model.slices, ...model.protected])];
  const lost = (column: string, path: (string | number)[]): RuleFault[] =>
    kept.includes(column)
      ? []
      : [{ path, message: `"${column}" is neither in slices nor in protected (${list(kept)})` }];
  return model.gates.flatMap(({ calibration, by, slice, slices }, index) => [
    ...(calibration !== undefined && by !== undefined ? lost(by, ['gates', index, 'by']) : []),
    ...Object.keys(slice ?? {}).flatMap((column) => lost(column, ['gates', index, 'slice', column])),
    ...(Array.isArray(slices) ? slices : []).flatMap((column, at) => lost(column, ['gates', index, 'slices', at])),
    ...(slices === 'all' && kept.length === 0
      ? [{ path: ['gates', index, 'slices'], message: 'neither slices nor protected names a column' }]
      : []),
  ]);
}

function sliceOrSlices({ gates }: LooseModel): RuleFault[] {
  return gates.flatMap(({ slice, slices }, index) =>
    slice === undefined || slices === undefined
      ? []
      : [{ path: ['gates', index, 'slices'], message: 'a gate has slice or slices, not both' }],
  );
}

function calibrationHasScores({ gates, task }: LooseModel): RuleFault[] {
  const tasks: Record<string, readonly string[]> = {
    ece: ['binary', 'multiclass', 'multilabel'],
    mean: ['binary', 'multiclass', 'regression'],
  };
  return gates.flatMap(({ calibration = '' }, index) => {
    const allowed = tasks[calibration];
    if (task === undefined || allowed === undefined || allowed.includes(task)) return [];
    return [{ path: ['gates', index, 'calibration'], message: `${calibration} does not fit task ${task}` }];
  });
}

function thresholdDecides({ threshold, task }: LooseModel): RuleFault[] {
  if (threshold === undefined || task === undefined || task === 'binary' || task === 'multilabel') return [];
  return [{ path: ['threshold'], message: `only a binary or multilabel model has a threshold, and this is ${task}` }];
}

/** What only some tasks need is missing there, and means nothing elsewhere. */
function taskHasItsColumns({ task, holdout, classes }: LooseModel): RuleFault[] {
  if (task === undefined) return [];
  const { labels, query, target } = holdout;
  const faults: RuleFault[] = [];
  const only = (needed: string, path: string[], isThere: boolean) => {
    if (isThere && task !== needed) faults.push({ path, message: `belongs to task ${needed}, and this is ${task}` });
  };
  only('multilabel', ['holdout', 'labels'], labels !== undefined);
  only('ranking', ['holdout', 'query'], query !== undefined);
  if (classes !== undefined && task !== 'multiclass' && task !== 'binary')
    faults.push({ path: ['classes'], message: `belongs to task multiclass or binary, and this is ${task}` });
  if (task === 'binary' && classes !== undefined && classes.length !== 2)
    faults.push({ path: ['classes'], message: 'a binary target has two, the negative one first' });
  if (new Set(classes?.map(String)).size !== (classes?.length ?? 0))
    faults.push({ path: ['classes'], message: 'names a class twice' });
  if (task === 'ranking' && query === undefined)
    faults.push({ path: ['holdout'], message: 'task ranking needs query, the column whose rows are ranked together' });
  if (task === 'multilabel' && labels === undefined)
    faults.push({
      path: ['holdout'],
      message: 'task multilabel needs labels, the columns with the truth of each label',
    });
  if (labels !== undefined && target !== undefined && !labels.includes(target))
    faults.push({ path: ['holdout', 'labels'], message: `does not list the target, "${target}"` });
  return faults;
}

function metricFitsTask(model: LooseModel): RuleFault[] {
  const { task } = model;
  if (task === undefined) return [];
  return usesOfMetrics(model)
    .filter(({ metric }) => {
      const { data } = metricNameSchema.safeParse(metric);
      return data !== undefined && !metricFacts(data).tasks.includes(task);
    })
    .map(({ metric, path }) => ({
      path,
      message: `"${metric}" does not fit task ${task} (allowed: ${list(metricsOfTask(task))})`,
    }));
}

function gatedMetricIsComputed(model: LooseModel): RuleFault[] {
  if (model.metrics === undefined) return [];
  const computed = [model.metrics.primary, ...model.metrics.also];
  return model.gates.flatMap(({ metric }, index) =>
    metric === undefined || !isMetric(metric) || computed.includes(metric)
      ? []
      : [{ path: ['gates', index, 'metric'], message: `"${metric}" is not computed; add it to metrics.also` }],
  );
}

function windowNeedsTime({ holdout }: LooseModel): RuleFault[] {
  if (holdout.window === undefined || holdout.time !== undefined) return [];
  return [{ path: ['holdout', 'window'], message: 'a window needs holdout.time, the column it moves along' }];
}

function foldIsThere({ holdout: { fold } }: LooseModel): RuleFault[] {
  if (fold === undefined || !(fold.use > fold.of)) return [];
  return [{ path: ['holdout', 'fold', 'use'], message: `there are ${fold.of} parts, so there is no part ${fold.use}` }];
}

function stepsRise({ rollout }: LooseModel): RuleFault[] {
  const { steps } = rollout;
  if (steps === undefined || steps.length === 0) return [];
  const rank = (step: string | number) => (step === 'staging' ? -2 : step === 'shadow' ? -1 : Number(step));
  const faults: RuleFault[] = steps.flatMap((step, index) => {
    const before = steps[index - 1];
    return before === undefined || !(rank(before) >= rank(step))
      ? []
      : [
          {
            path: ['rollout', 'steps', index],
            message: `${step} comes after ${before}: steps must rise (staging, shadow, percentages)`,
          },
        ];
  });
  if (steps.at(-1) !== 100) {
    faults.push({
      path: ['rollout', 'steps', steps.length - 1],
      message: `the last step must be 100, got ${steps.at(-1)}`,
    });
  }
  return faults;
}

function retrainingKnowsItsData({ retrain, monitor }: LooseModel): RuleFault[] {
  if (retrain === undefined) return [];
  const faults: RuleFault[] = [];
  if (retrain.on.includes('drift') && monitor === undefined) {
    faults.push({ path: ['retrain', 'on'], message: 'retraining on drift needs monitor' });
  }
  if (retrain.window !== undefined && retrain.snapshot === undefined) {
    faults.push({ path: ['retrain', 'window'], message: 'a window needs retrain.snapshot, the data it is cut from' });
  }
  if (retrain.window?.from !== undefined && retrain.window.from === retrain.window.to) {
    faults.push({ path: ['retrain', 'window', 'to'], message: 'from and to name the same parameter' });
  }
  return faults;
}

function listsHaveNoDoubles(model: LooseModel): RuleFault[] {
  const lists: [(string | number)[], string[]][] = [
    [['slices'], model.slices],
    [['protected'], model.protected],
    [['metrics', 'also'], model.metrics?.also ?? []],
  ];
  const doubles = lists.flatMap(([path, entries]) =>
    entries.flatMap((entry, index) =>
      entries.indexOf(entry) === index ? [] : [{ path: [...path, index], message: `"${entry}" is listed twice` }],
    ),
  );
  const primary = model.metrics?.primary;
  const again = primary === undefined ? -1 : (model.metrics?.also.indexOf(primary) ?? -1);
  if (again >= 0)
    doubles.push({ path: ['metrics', 'also', again], message: `"${primary}" is already the primary metric` });
  return doubles;
}

function usesOfMetrics(model: LooseModel): { metric: string; path: (string | number)[] }[] {
  const { primary, also = [] } = model.metrics ?? {};
  return [
    ...(primary === undefined ? [] : [{ metric: primary, path: ['metrics', 'primary'] }]),
    ...also.map((metric, index) => ({ metric, path: ['metrics', 'also', index] })),
    ...model.gates.flatMap(({ metric }, index) =>
      metric === undefined ? [] : [{ metric, path: ['gates', index, 'metric'] }],
    ),
  ];
}

function isMetric(name: string): boolean {
  return metricNameSchema.safeParse(name).success;
}

function list(entries: readonly string[]): string {
  return entries.length === 0 ? 'which is empty' : entries.join(', ');
}

function sweepCanBe({ sweep }: LooseModel): RuleFault[] {
  const faults: RuleFault[] = [];
  for (const [name, values] of Object.entries(sweep?.space ?? {})) {
    if (typeof values !== 'string') continue;
    try {
      readDimension(name, values);
    } catch (thrown) {
      if (!(thrown instanceof PulltrainError)) throw thrown;
      faults.push({ path: ['sweep', 'space', name], message: thrown.parts.what });
    }
  }
  const { from = 1, to = 10, keep = 3 } = sweep?.halving ?? {};
  if (from * keep > to) {
    faults.push({ path: ['sweep', 'halving'], message: `nothing to halve: ${keep} times ${from} is more than ${to}` });
  }
  return faults;
}

/** Many trials looked at on the holdout would fit it. */
function rankingSparesHoldout({ sweep, holdout }: LooseModel): RuleFault[] {
  const { validation } = sweep ?? {};
  const isSame = validation?.data !== undefined && validation.data === holdout.data;
  if (!isSame || JSON.stringify(validation?.window) !== JSON.stringify(holdout.window)) return [];
  return [
    {
      path: ['sweep', 'validation'],
      message: 'these are the rows of the holdout, which would be fitted by many trials; name others',
    },
  ];
}
