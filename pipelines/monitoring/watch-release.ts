import { durationSeconds } from '../config/duration-seconds.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { DriftReport } from '../contracts/drift-report.ts';
import { type MetricName, metricNameSchema } from '../contracts/evaluation.ts';
import type { Profile } from '../contracts/profile.ts';
import { worstStatus } from '../contracts/worst-status.ts';
import { binaryRows, type JudgedRows, regressionRows } from '../evaluation/judged-rows.ts';
import { measureMetric } from '../evaluation/measure-metric.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import type { Clock } from '../ports/clock.ts';
import type { Tables } from '../ports/tables.ts';
import { compareHealth } from './compare-health.ts';
import { compareLabels, type LabelledRows } from './compare-labels.ts';
import { compareProfiles, type DriftPolicy } from './compare-profiles.ts';
import { profileWindow } from './profile-window.ts';

/** Least rows when the configuration says `default`. */
const defaultMinRows = 1000;

export type Watch = {
  repository: string;
  environment: string;
  release: string;
  tag: string;
  profile: Profile;
  monitor: NonNullable<ModelConfig['monitor']>;
  /** Score at which a row counts as positive. */
  threshold: number;
  /** Segments of the prediction log. */
  files: readonly string[];
  /** Parquet file with the ground truth; null when there is none. */
  labels: { table: string; join: string; target: string; delay: string } | null;
};

/** Journey "watch": the newest window of the prediction log against the release's own profile. */
export async function watchRelease(watch: Watch, ports: { tables: Tables; clock: Clock }): Promise<DriftReport> {
  const { profile, monitor, labels } = watch;
  const window = await profileWindow(
    profile,
    {
      log: {
        files: watch.files,
        model: profile.model,
        release: watch.release,
        time: monitor.time ?? null,
      },
      window: monitor.window,
      labels: labels === null ? null : { ...labels, delay: durationSeconds(labels.delay) },
    },
    ports.tables,
  );
  const policy = policyOf(monitor);
  const findings = [
    ...compareProfiles(profile, window, policy),
    ...(labels === null ? [] : labelFindings(profile, window.labelled, watch.threshold, policy.minRows)),
    compareHealth(window, policy.minRows),
  ];
  return {
    kind: 'drift-report',
    version: 1,
    repository: watch.repository,
    model: profile.model,
    environment: watch.environment,
    release: watch.release,
    tag: watch.tag,
    window: window.days,
    rows: window.rows,
    labelled: window.labelled.labels.length,
    status: worstStatus(findings.map(({ status }) => status)),
    findings,
    checkedAt: ports.clock.now().toISOString(),
  };
}

function policyOf({ drift }: NonNullable<ModelConfig['monitor']>): DriftPolicy {
  return drift === 'default'
    ? { minRows: defaultMinRows, columns: {} }
    : { minRows: drift.min_rows, columns: drift.columns };
}

function labelFindings(profile: Profile, rows: LabelledRows, threshold: number, minRows: number) {
  const metric = metricNameSchema.safeParse(profile.quality?.metric).data;
  const quality =
    metric === undefined || rows.labels.length === 0 ? null : measureMetric(metric, judged(metric, rows, threshold));
  const direction = metric === undefined ? 'higher' : metricFacts(metric).direction;
  return compareLabels(profile, rows, { quality, direction, minRows });
}

/** Only models with one score per row are watched against their labels. */
function judged(metric: MetricName, { labels, scores }: LabelledRows, threshold: number): JudgedRows {
  const { tasks } = metricFacts(metric);
  return tasks.includes('regression') ? regressionRows(labels, scores) : binaryRows(labels, scores, { threshold });
}
