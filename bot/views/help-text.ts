import { commandList } from '../../pipelines/commands/command-list.ts';

/** Answer to `/help`. */
export const helpText = [
  'Write a command as the first line of a new comment:',
  '',
  '| command | where | what happens |',
  '|---|---|---|',
  ...commandList.map(({ usage, on, does }) => `| \`${usage}\` | ${on.join(', ')} | ${does} |`),
  '',
  'Commands are for people with write access. Edited comments are not read again.',
].join('\n');
