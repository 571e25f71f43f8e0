import type { Verb } from '../verb.ts';

/** One word after `pulltrain data`; its code is read only when it is called. */
export type DataAction = {
  name: string;
  /** Arguments besides options, as --help shows them. */
  takes?: string;
  summary: string;
  load(): Promise<Verb['run']>;
};

/** Every action on data, in the order in which a newcomer meets them. */
export const dataActions: readonly DataAction[] = [
  {
    name: 'add',
    takes: 'PATH...',
    summary: 'keep a file or folder in the store and its pointer in git',
    load: async () => (await import('./add.ts')).addData,
  },
  {
    name: 'status',
    summary: 'what differs between data and pointers, and what is not pushed',
    load: async () => (await import('./status.ts')).showStatus,
  },
  {
    name: 'push',
    takes: '[PATH...]',
    summary: 'send the bytes behind pointers to the remote',
    load: async () => (await import('./push.ts')).sendData,
  },
  {
    name: 'pull',
    takes: '[PATH...]',
    summary: 'bring the data of these pointers, or of all, and verify it',
    load: async () => (await import('./pull.ts')).pullData,
  },
  {
    name: 'checkout',
    summary: 'make the data what the pointers say, out of the local store',
    load: async () => (await import('./checkout.ts')).checkoutWorkspace,
  },
  {
    name: 'diff',
    summary: 'what differs between the data of two revisions',
    load: async () => (await import('./diff.ts')).diffData,
  },
  {
    name: 'verify',
    summary: 'read all stored bytes again and name what is damaged',
    load: async () => (await import('./verify.ts')).verifyData,
  },
  {
    name: 'gc',
    summary: 'remove what no revision names',
    load: async () => (await import('./gc.ts')).cleanStore,
  },
  {
    name: 'profile',
    takes: 'FILE | fold PROFILE.json...',
    summary: 'tell what is in a table: types, missing and distinct values, quantiles, correlations',
    load: async () => (await import('./profile.ts')).profileData,
  },
  {
    name: 'infer-schema',
    takes: 'FILE',
    summary: 'write a first data schema from a table',
    load: async () => (await import('./infer-schema.ts')).inferDataSchema,
  },
  {
    name: 'validate',
    takes: '[FILE...]',
    summary: 'hold tables against data schemas, as training does',
    load: async () => (await import('./validate.ts')).validateData,
  },
  {
    name: 'clean',
    summary: 'clean tables by a recipe that learns from training data only',
    load: async () => (await import('./clean.ts')).cleanData,
  },
  {
    name: 'split',
    takes: 'FILE',
    summary: 'divide a table by a rule that gives the same parts every time',
    load: async () => (await import('./split.ts')).splitData,
  },
  {
    name: 'leakage',
    takes: 'TRAIN HOLDOUT',
    summary: 'find rows, entities and times of a holdout in training data',
    load: async () => (await import('./leakage.ts')).findDataLeakage,
  },
];
