/** Where a command is written: in a comment on an issue, or on a pull request. */
export type CommandPlace = 'issue' | 'pull request';

/** Every command, as people write it, where it works and what it does. */
export const commandList: readonly { usage: string; on: readonly CommandPlace[]; does: string }[] = [
  {
    usage: '/retrain',
    on: ['issue'],
    does: 'opens a pull request that trains the model of this issue, or the only one, on newer data',
  },
  { usage: '/retrain <model>', on: ['issue'], does: 'the same for that model' },
  {
    usage: '/sweep',
    on: ['pull request'],
    does: 'trains this branch with many parameters, as the policy says or as named (`/sweep train.leaves=10,20,40`), and ranks them',
  },
  {
    usage: '/sweep apply',
    on: ['pull request'],
    does: 'one commit with the parameters of the best, or of a trial named',
  },
  {
    usage: '/rotate-holdout',
    on: ['issue', 'pull request'],
    does: 'opens a pull request that goes on to the next part of a worn holdout (`holdout.fold`); `/rotate-holdout <model>` where there are several',
  },
  { usage: '/help', on: ['issue', 'pull request'], does: 'lists the commands' },
];

/** What can be written in one place, in order. */
export function commandsOn(place: CommandPlace): string[] {
  return commandList.filter(({ on }) => on.includes(place)).map(({ usage }) => usage);
}
