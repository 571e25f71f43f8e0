import type { Parameter, RunRecord } from '../contracts/run-record.ts';
import type { KnownRun } from './known-run.ts';

export type Difference = { name: string; left: Parameter | undefined; right: Parameter | undefined };

export type RunComparison = {
  /** True when both have one key: the same model from the same inputs. */
  sameKey: boolean;
  parameters: Difference[];
  /** Versions of feature views. */
  features: Difference[];
  /** Of the metrics, all; those the trusted side measured begin with `verified `. */
  metrics: (Difference & { change: number | null })[];
  inputs: Difference[];
  outputs: Difference[];
  stages: Difference[];
  environment: Difference[];
};

/** What differs between two runs, part by part; equal parts are left out, but for metrics. */
export function compareRuns(left: KnownRun, right: KnownRun): RunComparison {
  const differ = (of: (record: RunRecord) => Record<string, Parameter>) =>
    differences(of(left.record), of(right.record)).filter(({ left: a, right: b }) => !equal(a, b));
  return {
    sameKey: left.record.key !== null && left.record.key === right.record.key,
    parameters: differ((record) => record.parameters),
    features: differ((record) => record.features ?? {}),
    metrics: differences(metricsOf(left), metricsOf(right)).map((one) => ({
      ...one,
      change: typeof one.left === 'number' && typeof one.right === 'number' ? one.right - one.left : null,
    })),
    inputs: differ(inputsOf),
    outputs: differ(outputsOf),
    stages: differ((record) =>
      Object.fromEntries(
        record.stages.map(({ name, command, contentKey, key }) => [name, [command, contentKey ?? key]]),
      ),
    ),
    environment: differ(environmentOf),
  };
}

/** Metrics of a run by name: reported by the training program, and `verified` by the trusted side. */
export function metricsOf({ record, verified }: KnownRun): Record<string, number> {
  const named = Object.entries(verified).map(([name, value]): [string, number] => [`verified ${name}`, value]);
  return { ...record.reportedMetrics, ...Object.fromEntries(named) };
}

/** Integrity of everything that went in and no stage made. */
export function inputsOf(record: RunRecord): Record<string, string> {
  const made = new Set(record.stages.flatMap(({ outputs = [] }) => outputs.map(({ path }) => path)));
  const read = record.stages.flatMap(({ inputs = [] }) => inputs.filter(({ path }) => !made.has(path)));
  return Object.fromEntries([...record.sources, ...read].map(({ path, integrity }) => [path, integrity]));
}

export function outputsOf(record: RunRecord): Record<string, string> {
  const made = record.stages.flatMap(({ outputs = [] }) => outputs);
  return Object.fromEntries(made.map(({ path, integrity }) => [path, integrity]));
}

/** What a run was made on and with, as dotted names. */
export function environmentOf({ environment, code }: RunRecord): Record<string, Parameter> {
  const { cpu, python, locks = [], ...plain } = environment;
  return {
    ...Object.fromEntries(
      Object.entries(plain).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(cpu === undefined ? {} : { cpu: `${cpu.count} x ${cpu.model}` }),
    ...(python == null ? {} : { python: python.version }),
    ...Object.fromEntries((python?.packages ?? []).map((line) => splitPackage(line))),
    ...Object.fromEntries(locks.map(({ path, integrity }) => [path, integrity])),
    ...(code === null ? {} : { commit: code.sha, clean: code.clean }),
  };
}

function splitPackage(line: string): [name: string, version: string] {
  const at = line.indexOf('==');
  return at < 0 ? [`python ${line}`, line] : [`python ${line.slice(0, at)}`, line.slice(at + 2)];
}

function differences(left: Record<string, Parameter>, right: Record<string, Parameter>): Difference[] {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names.map((name) => ({ name, left: left[name], right: right[name] }));
}

function equal(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
