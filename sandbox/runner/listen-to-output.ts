import { relative } from 'node:path';
import type { JobRun } from './job-run.ts';
import { parseLogCommand } from './parse-log-command.ts';

/** GitHub keeps this many annotations of each level per step. */
const maxAnnotations = 10;
const levels = { error: 'failure', warning: 'warning', notice: 'notice' } as const;

export type OutputListener = {
  onLine(line: string): void;
  /** What the old commands `set-output` and `save-state` said. */
  outputs: Record<string, string>;
  state: Record<string, string>;
};

/** Turns a process's lines into the log and obeys the commands among them. */
export function listenToOutput(job: JobRun, step: number): OutputListener {
  const outputs: Record<string, string> = {};
  const state: Record<string, string> = {};
  const counts = { error: 0, warning: 0, notice: 0 };
  let resumeToken: string | null = null;
  const onLine = (line: string): void => {
    const command = parseLogCommand(line);
    if (resumeToken !== null) {
      if (command?.name === resumeToken) resumeToken = null;
      else job.log(step, line);
      return;
    }
    if (command === null) {
      job.log(step, line);
      return;
    }
    const { name, properties, message } = command;
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice': {
        for (const [index, part] of message.split(/\r?\n/).entries())
          job.log(step, index === 0 ? `##[${name}]${part}` : part);
        counts[name] += 1;
        if (counts[name] <= maxAnnotations) job.annotate({ level: levels[name], message, ...placeOf(job, properties) });
        return;
      }
      case 'add-mask':
        job.masker.add(message);
        job.log(step, '::add-mask::***');
        return;
      case 'stop-commands':
        resumeToken = message;
        return;
      case 'group':
      case 'endgroup':
      case 'debug':
        if (name !== 'debug') job.log(step, `##[${name}]${message}`);
        return;
      case 'set-output':
        outputs[properties.name ?? ''] = message;
        return;
      case 'save-state':
        state[properties.name ?? ''] = message;
        return;
      case 'set-env':
      case 'add-path':
        onLine(
          `::error::The \`${name}\` command is disabled. Please write to the file $GITHUB_${name === 'set-env' ? 'ENV' : 'PATH'} names.`,
        );
        return;
      case 'add-matcher':
      case 'remove-matcher':
      case 'echo':
        return;
      default:
        job.log(step, line);
    }
  };
  return { onLine, outputs, state };
}

function placeOf(job: JobRun, properties: Record<string, string>) {
  const line = Number.parseInt(properties.line ?? '1', 10) || 1;
  const endLine = Number.parseInt(properties.endLine ?? '', 10) || line;
  const file = properties.file ?? '.github';
  const path = file.startsWith(job.folders.workspace) ? relative(job.folders.workspace, file) : file;
  return { title: properties.title ?? '', path, startLine: line, endLine };
}
