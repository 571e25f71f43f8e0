import type { Verb } from '../verb.ts';

/** One word after `pulltrain runs`; its code is read only when it is called. */
export type RunsAction = { name: string; takes?: string; summary: string; load(): Promise<Verb['run']> };

/** Every action on runs, in the order in which a newcomer meets them. */
export const runsActions: readonly RunsAction[] = [
  {
    name: 'list',
    summary: 'runs of this machine and of the ledger, newest first',
    load: async () => (await import('./list.ts')).showRuns,
  },
  {
    name: 'show',
    takes: '[RUN]',
    summary: 'everything that is recorded of a run; the latest when none is named',
    load: async () => (await import('./show.ts')).showRun,
  },
  {
    name: 'compare',
    takes: 'RUN RUN',
    summary: 'what differs between two runs: parameters, metrics, inputs, outputs, environment',
    load: async () => (await import('./compare.ts')).compareTwo,
  },
  {
    name: 'query',
    takes: 'SQL',
    summary: 'ask SQL of the tables runs, params, metrics and stages',
    load: async () => (await import('./query.ts')).askRuns,
  },
];
