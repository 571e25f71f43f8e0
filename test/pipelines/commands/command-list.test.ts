import { expect, test } from 'vitest';
import { commandList, commandsOn } from '../../../pipelines/commands/command-list.ts';
import { parseCommand } from '../../../pipelines/commands/parse-command.ts';

test('every command that people are told of is one', () => {
  for (const { usage } of commandList) {
    const command = parseCommand(usage.replace('<model>', 'flight-delay'));
    expect(command?.name, usage).toBe(usage.split(' <')[0]?.slice(1).replace(' ', '-'));
  }
});

test('a place is offered what works there', () => {
  expect(commandsOn('issue')).toEqual(['/retrain', '/retrain <model>', '/rotate-holdout', '/help']);
  expect(commandsOn('pull request')).toEqual(['/sweep', '/sweep apply', '/rotate-holdout', '/help']);
});
