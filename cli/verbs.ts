import type { LazyVerb, Verb } from './verb.ts';

/** Every verb of the command, in the order in which a newcomer meets them. */
export const verbs: readonly (Verb | LazyVerb)[] = [
  { name: 'run', load: async () => (await import('./run.ts')).runVerb },
  { name: 'runs', load: async () => (await import('./runs.ts')).runsVerb },
  { name: 'reproduce', load: async () => (await import('./reproduce.ts')).reproduceVerb },
  { name: 'sweep', load: async () => (await import('./sweep.ts')).sweepVerb },
  { name: 'data', load: async () => (await import('./data.ts')).dataVerb },
  { name: 'features', load: async () => (await import('./features.ts')).featuresVerb },
  { name: 'evaluate', load: async () => (await import('./evaluate.ts')).evaluateVerb },
  { name: 'compare', load: async () => (await import('./compare.ts')).compareVerb },
  { name: 'fairness', load: async () => (await import('./fairness.ts')).fairnessVerb },
  { name: 'explain', load: async () => (await import('./explain.ts')).explainVerb },
  { name: 'report', load: async () => (await import('./report.ts')).reportVerb },
  { name: 'drift', load: async () => (await import('./drift.ts')).driftVerb },
  { name: 'serve', load: async () => (await import('./serve.ts')).serveVerb },
];
