import { z } from 'zod';

const text = z.string().min(1);
const flag = z.boolean();
const annotations = {
  desc: z.string().optional(),
  type: z.string().optional(),
  labels: z.array(z.string()).optional(),
  meta: z.unknown().optional(),
};
const keeping = {
  cache: flag.optional(),
  persist: flag.optional(),
  push: flag.optional(),
  remote: z.string().optional(),
  // Older files have it; it has meant nothing since DVC 3.
  checkpoint: flag.optional(),
  ...annotations,
};

const outOptions = z.strictObject(keeping);
const plotAxis = z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]);
const plotOptions = z.strictObject({
  ...keeping,
  x: plotAxis.optional(),
  y: plotAxis.optional(),
  x_label: z.string().optional(),
  y_label: z.string().optional(),
  title: z.string().optional(),
  header: flag.optional(),
  template: z.string().optional(),
});
export type OutOptions = z.infer<typeof outOptions>;

/** A path, or one path with options, as `outs` and `metrics` hold them. */
const outs = z.array(z.union([text, z.record(text, outOptions.nullable())])).default([]);
/** The same for `plots`, where one file may be drawn in several ways. */
const plots = z
  .array(z.union([text, z.record(text, z.union([plotOptions.nullable(), z.array(plotOptions)]))]))
  .default([]);

/** One stage of `dvc.yaml` after `foreach`, `matrix` and `${...}` have been resolved. */
export const stageSchema = z.strictObject({
  cmd: z.union([text, z.array(text).min(1)]),
  wdir: text.optional(),
  deps: z.array(text).default([]),
  params: z.array(z.union([text, z.record(text, z.array(text).nullable())])).default([]),
  outs,
  metrics: outs,
  plots,
  frozen: flag.default(false),
  always_changed: flag.default(false),
  desc: z.string().optional(),
  meta: z.unknown().optional(),
  vars: z.array(z.unknown()).optional(),
});
export type StageText = z.infer<typeof stageSchema>;

/** `dvc.yaml` before anything is resolved: the frame only. */
export const pipelineSchema = z.strictObject({
  stages: z
    .record(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must be refused.
      z.string().regex(/^[^@:\u0000-\u001f]+$/, 'expected a stage name without "@", ":" or line breaks'),
      z.record(z.string(), z.unknown()),
    )
    .default({}),
  vars: z.array(z.unknown()).default([]),
  // These describe files to tools that show them; they run nothing.
  params: z.array(z.string()).default([]),
  metrics: z.array(z.string()).default([]),
  plots: z.unknown().optional(),
  artifacts: z.unknown().optional(),
  datasets: z.unknown().optional(),
});
