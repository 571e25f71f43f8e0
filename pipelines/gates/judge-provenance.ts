import type { Gate } from '../config/gate-schema.ts';
import type { RunRecord, Source } from '../contracts/run-record.ts';
import { type Judged, unmeasured } from './judged.ts';

export type ProvenanceGate = Extract<Gate, { provenance: string[] } | { licences: string[] }>;

/**
 * Where the datasets of a run come from, and under which licence, by their pointers. The record's list of sources is what
 * was recomputed from git, or the judgement has a problem already.
 */
export function judgeProvenance(gate: ProvenanceGate, run: RunRecord | null | undefined): Judged {
  if (run == null) return unmeasured('error', 'there is no run record that names the data');
  const datasets = run.sources.filter(({ origin }) => origin !== 'git');
  const faults = datasets.flatMap((source) => faultsOf(gate, source).map((fault) => `${source.path} ${fault}`));
  const count = `${datasets.length} ${datasets.length === 1 ? 'dataset' : 'datasets'}`;
  const fine = 'licences' in gate ? 'under an allowed licence' : `with ${gate.provenance.join(' and ')}`;
  const judged =
    faults.length === 0
      ? unmeasured('pass', `${count} ${fine}`, 0)
      : unmeasured('fail', `of ${count}: ${faults.join('; ')}`, 0);
  return { ...judged, observed: faults.length, n: datasets.length };
}

function faultsOf(gate: ProvenanceGate, source: Source): string[] {
  if ('provenance' in gate) {
    const missing = gate.provenance.filter((field) => (source[field] ?? '').trim() === '');
    return missing.length === 0 ? [] : [`names no ${missing.join(' and no ')}`];
  }
  const licence = source.licence?.trim() ?? '';
  if (licence === '') return ['names no licence'];
  const allowed = gate.licences.some((one) => one.toLowerCase() === licence.toLowerCase());
  return allowed ? [] : [`is under ${licence}, allowed: ${gate.licences.join(', ')}`];
}
