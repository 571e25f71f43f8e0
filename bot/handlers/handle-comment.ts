import { isStatus } from '../../adapters/github/is-status.ts';
import { mayCommand } from '../../pipelines/commands/may-command.ts';
import type { Command } from '../../pipelines/commands/parse-command.ts';
import { parseCommand } from '../../pipelines/commands/parse-command.ts';
import { replyMarker } from '../../pipelines/commands/reply-marker.ts';
import type { AuditEntry } from '../../pipelines/contracts/audit-entry.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { PlannedAction } from '../../pipelines/publication/planned-action.ts';
import { applyPlan } from '../apply-plan.ts';
import { commandRetrain } from '../command-retrain.ts';
import { commandRotate } from '../command-rotate.ts';
import { commandSweep } from '../command-sweep.ts';
import { commandSweepApply } from '../command-sweep-apply.ts';
import type { IssueCommentEvent } from '../events/issue-comment-event.ts';
import type { BotPorts } from '../ports.ts';
import { helpText } from '../views/help-text.ts';
import { quoteFault } from '../views/quote-fault.ts';

/** What a command came to. */
export type Answer = { outcome: 'done' | 'refused'; message: string; pull: number | null };

/**
 * Journey "command": a person's word on an issue becomes a plan, or a reason why not. Seen is shown at once, the answer
 * is one comment, and the ledger keeps who asked for what; an event that comes twice finds that entry and stops.
 */
export async function handleComment(event: IssueCommentEvent, ports: BotPorts): Promise<void> {
  const command = event.person === null ? null : parseCommand(event.body);
  if (command === null || event.person === null) return;
  if ((await ports.ledger.read(auditPath(event.comment))) !== null) return;
  if (!(await see(event, ports))) return;

  try {
    const permission = await readPermission(event, event.person, ports);
    const answer = await answerOf(command, permission, event, ports);
    const entry: AuditEntry = {
      kind: 'audit-entry',
      version: 1,
      comment: event.comment,
      issue: event.issue,
      by: event.person,
      permission,
      command: command.name,
      ...answer,
      at: ports.clock.now().toISOString(),
    };
    await applyPlan(closing(event, answer, entry), event.place, ports);
  } catch (error) {
    await applyPlan([reply(event, faultText), react(event, 'confused')], event.place, ports);
    throw error;
  }
}

const faultText =
  'This did not work: Pulltrain ran into a fault of its own or of GitHub. Its log has the details; the command may be given again.';

function closing(event: IssueCommentEvent, answer: Answer, entry: AuditEntry): PlannedAction[] {
  const path = auditPath(event.comment);
  const message = `Record ${entry.command} by ${entry.by} in #${event.issue}`;
  return [
    reply(event, answer.message),
    react(event, answer.outcome === 'done' ? 'rocket' : '-1'),
    // Last: from here on the command counts as answered.
    { do: 'write-ledger', entries: [{ path, document: entry }], message },
  ];
}

function auditPath(comment: number): string {
  return `audit/${comment}.json`;
}

/** False when the comment is gone: what was taken back is not obeyed. */
async function see(event: IssueCommentEvent, ports: BotPorts): Promise<boolean> {
  try {
    await applyPlan([{ do: 'react', comment: event.comment, reaction: 'eyes' }], event.place, ports);
    return true;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}

/** The effective permission; `author_association` would not tell it. */
async function readPermission(event: IssueCommentEvent, person: string, { github }: BotPorts): Promise<string> {
  const { owner, repo } = event.place;
  try {
    const { data } = await github.rest.repos.getCollaboratorPermissionLevel({ owner, repo, username: person });
    return data.permission;
  } catch (error) {
    if (isStatus(error, 404)) return 'none';
    throw error;
  }
}

async function answerOf(
  command: Command,
  permission: string,
  event: IssueCommentEvent,
  ports: BotPorts,
): Promise<Answer> {
  const refused = (message: string): Answer => ({ outcome: 'refused', message, pull: null });
  if (!mayCommand(permission)) {
    return refused('Commands are for people with write access to this repository. Please ask one of them.');
  }
  try {
    switch (command.name) {
      case 'help':
        return { outcome: 'done', message: helpText, pull: null };
      case 'mistake':
        return refused(`${command.message}\n\n${helpText}`);
      case 'retrain':
        return await commandRetrain(command.model, event, ports);
      case 'rotate-holdout':
        return await commandRotate(command.model, event, ports);
      case 'sweep':
        return await commandSweep(command, event, ports);
      case 'sweep-apply':
        return await commandSweepApply(command.trial, event, ports);
    }
  } catch (error) {
    // A fault of the repository, such as an unreadable pulltrain.yml, is the answer; any other is for our log.
    if (error instanceof PulltrainError) return refused(quoteFault(error));
    throw error;
  }
}

function reply(event: IssueCommentEvent, message: string): PlannedAction {
  const marker = replyMarker(event.comment);
  return { do: 'upsert-comment', issue: event.issue, marker, body: `${marker}\n${message}\n` };
}

function react(event: IssueCommentEvent, reaction: 'rocket' | '-1' | 'confused'): PlannedAction {
  return { do: 'react', comment: event.comment, reaction };
}
