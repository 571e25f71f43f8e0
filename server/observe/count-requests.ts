import type { VariantName } from '../../pipelines/contracts/observation.ts';

type Labels = { model: string; version: string; variant: VariantName };
type Counts = { success: number; failure: number; rejected: number; rows: number; microseconds: number };

export type RequestCounter = {
  answered(labels: Labels, rows: number, milliseconds: number): void;
  failed(labels: Labels): void;
  /** Turned away because too many waited. */
  rejected(labels: Labels): void;
  /** The counts in Prometheus' text format, under Triton's names where Triton has one. */
  print(): string;
};

/** Counts since the process started. */
export function countRequests(): RequestCounter {
  const series = new Map<string, Counts>();
  const at = ({ model, version, variant }: Labels): Counts => {
    const key = `model="${model}",version="${version}",variant="${variant}"`;
    const counts = series.get(key) ?? { success: 0, failure: 0, rejected: 0, rows: 0, microseconds: 0 };
    series.set(key, counts);
    return counts;
  };
  return {
    answered(labels, rows, milliseconds) {
      const counts = at(labels);
      counts.success += 1;
      counts.rows += rows;
      counts.microseconds += Math.round(milliseconds * 1000);
    },
    failed(labels) {
      at(labels).failure += 1;
    },
    rejected(labels) {
      at(labels).rejected += 1;
    },
    print() {
      const lines = (name: string, about: string, values: (labels: string, counts: Counts) => string[]) => [
        `# HELP ${name} ${about}`,
        `# TYPE ${name} counter`,
        ...[...series].flatMap(([labels, counts]) => values(labels, counts).map((value) => `${name}${value}`)),
      ];
      return [
        ...lines('nv_inference_request_success', 'Requests answered', (labels, { success }) => [
          `{${labels}} ${success}`,
        ]),
        ...lines('nv_inference_request_failure', 'Requests not answered', (labels, { failure, rejected }) => [
          `{${labels},reason="BACKEND"} ${failure}`,
          `{${labels},reason="REJECTED"} ${rejected}`,
        ]),
        ...lines('nv_inference_count', 'Rows scored', (labels, { rows }) => [`{${labels}} ${rows}`]),
        ...lines('nv_inference_request_duration_us', 'Time in queue and model, summed', (labels, { microseconds }) => [
          `{${labels}} ${microseconds}`,
        ]),
        '',
      ].join('\n');
    },
  };
}
