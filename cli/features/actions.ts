import type { Verb } from '../verb.ts';

/** One word after `pulltrain features`; its code is read only when it is called. */
export type FeatureAction = { name: string; summary: string; load(): Promise<{ help: string; run: Verb['run'] }> };

/** Every action on features, in the order in which a newcomer meets them. */
export const featureActions: readonly FeatureAction[] = [
  {
    name: 'list',
    summary: 'every entity, view and service, with its version',
    load: async () => {
      const { listAction, listHelp } = await import('./list.ts');
      return { help: listHelp, run: listAction };
    },
  },
  {
    name: 'search',
    summary: 'find entities, views, features and services by words',
    load: async () => {
      const { searchAction, searchHelp } = await import('./search.ts');
      return { help: searchHelp, run: searchAction };
    },
  },
  {
    name: 'show',
    summary: 'what one of them is made of, its version, who uses it',
    load: async () => {
      const { showAction, showHelp } = await import('./show.ts');
      return { help: showHelp, run: showAction };
    },
  },
  {
    name: 'history',
    summary: 'versions in the history of the repository',
    load: async () => {
      const { historyAction, historyHelp } = await import('./history.ts');
      return { help: historyHelp, run: historyAction };
    },
  },
  {
    name: 'build',
    summary: 'make the tables of views, each version once',
    load: async () => {
      const { buildAction, buildHelp } = await import('./build.ts');
      return { help: buildHelp, run: buildAction };
    },
  },
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
  {
    name: 'skew',
    summary: 'compare what was served with what training would have seen',
    load: async () => {
      const { skewAction, skewHelp } = await import('./skew.ts');
      return { help: skewHelp, run: skewAction };
    },
  },
];
