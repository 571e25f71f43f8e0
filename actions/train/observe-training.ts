import { randomUUID } from 'node:crypto';
import type { PipelineSurroundings } from '../../adapters/training/open-pipeline-ports.ts';

/**
 * Shows a run in the log of the job. What the training programs write is fenced by a stop token that they cannot know, so
 * that none of their lines is taken for a workflow command. A stage that runs alone is a group; lines of stages that run
 * side by side begin with the name of their stage.
 */
export function observeTraining(
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
  stopToken: () => string = randomUUID,
): PipelineSurroundings['observer'] {
  let token = '';
  const running = new Set<string>();
  let grouped = '';

  function resume(): void {
    write(`::${token}::`);
  }
  function fence(): void {
    token = stopToken();
    write(`::stop-commands::${token}`);
  }

  return {
    note: (line) => {
      if (running.size > 0) resume();
      write(harmless(line));
      if (running.size > 0) fence();
    },
    started({ name }) {
      if (running.size > 0) resume();
      if (grouped !== '') write('::endgroup::');
      grouped = running.size === 0 ? name : '';
      write(grouped === '' ? `Stage ${harmless(name)} starts` : `::group::Stage ${name.replace(/[%\r\n]/g, '_')}`);
      running.add(name);
      fence();
    },
    progress({ name }, { at, metrics }) {
      const told = Object.entries(metrics).map(
        ([metric, value]) => `${metric} ${value?.toPrecision(5) ?? 'not finite'}`,
      );
      write(harmless(`${name === grouped ? '' : `${name} | `}${at}: ${told.join(', ')}`));
    },
    line: (stage, text) => write(stage === grouped ? text : `${harmless(stage)} | ${text}`),
    ended({ stage, status, outcome, reason }) {
      if (outcome === null) {
        if (running.size > 0) resume();
        write(`Stage ${harmless(stage.name)}: ${status}${reason === '' ? '' : `, ${harmless(reason)}`}`);
        if (running.size > 0) fence();
        return;
      }
      running.delete(stage.name);
      resume();
      const { timedOut, exitCode, seconds, peakMemoryBytes } = outcome;
      const ended = timedOut ? 'ran out of time' : exitCode === null ? 'was killed' : `exit code ${exitCode}`;
      const memory = peakMemoryBytes === null ? '' : `, ${Math.round(peakMemoryBytes / 1024 ** 2)} MiB at most`;
      const who = stage.name === grouped ? '' : `Stage ${harmless(stage.name)}: `;
      write(`${who}${ended}, ${seconds.toFixed(1)} s${memory}`);
      if (stage.name === grouped) write('::endgroup::');
      if (stage.name === grouped) grouped = '';
      if (running.size > 0) fence();
    },
  };
}

function harmless(line: string): string {
  return line.replace(/[\r\n]+/g, ' ').replace(/^\s*::/, ' :');
}
