/** Answer to `/help`. */
export const helpText = [
  'Write a command as the first line of a new comment on an issue:',
  '',
  '| command | what happens |',
  '|---|---|',
  '| `/retrain` | opens a pull request that trains the model of this issue, or the only one, on newer data |',
  '| `/retrain <model>` | the same for that model |',
  '| `/help` | this text |',
  '',
  'Commands are for people with write access. Edited comments are not read again.',
].join('\n');
