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
  { usage: '/help', on: ['issue', 'pull request'], does: 'lists the commands' },
];

/** What can be written in one place, in order. */
export function commandsOn(place: CommandPlace): string[] {
  return commandList.filter(({ on }) => on.includes(place)).map(({ usage }) => usage);
}
