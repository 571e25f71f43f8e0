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
  {
    name: 'materialize',
    summary: 'bring the newest values into the online store',
    load: async () => {
      const { materializeAction, materializeHelp } = await import('./materialize.ts');
      return { help: materializeHelp, run: materializeAction };
    },
  },
  {
    name: 'push',
    summary: 'write rows of a stream to the online store, newest wins',
    load: async () => {
      const { pushAction, pushHelp } = await import('./push.ts');
      return { help: pushHelp, run: pushAction };
    },
  },
  {
    name: 'get',
    summary: 'look up features in the online store',
    load: async () => {
      const { getAction, getHelp } = await import('./get.ts');
      return { help: getHelp, run: getAction };
    },
  },
];
