import type { Verb } from '../verb.ts';

/** One word after `pulltrain features`; its code is read only when it is called. */
export type FeatureAction = { name: string; summary: string; load(): Promise<{ help: string; run: Verb['run'] }> };

/** Every action on features, in the order in which a newcomer meets them. */
export const featureActions: readonly FeatureAction[] = [
  {
    name: 'join',
    summary: 'put features behind the rows of a table, as they were known at the time of each row',
    load: async () => {
      const { joinAction, joinHelp } = await import('./join.ts');
      return { help: joinHelp, run: joinAction };
    },
  },
];
