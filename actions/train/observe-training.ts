import { randomUUID } from 'node:crypto';
import type { TrainingObserver } from '../../adapters/training/train-in-directory.ts';

/**
 * Shows a run in the log of the job: one group per stage. What the training program writes is fenced by a stop token
 * that it cannot know, so that none of its lines is taken for a workflow command.
 */
export function observeTraining(
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
  stopToken: () => string = randomUUID,
): TrainingObserver {
  let token = '';
  return {
    progress: (line) => write(line.replace(/[\r\n]+/g, ' ').replace(/^\s*::/, ' :')),
    stageStarted(stage) {
      write(`::group::Stage ${stage.replace(/[%\r\n]/g, '_')}`);
      token = stopToken();
      write(`::stop-commands::${token}`);
    },
    line: write,
    stageEnded(_stage, { exitCode, timedOut, seconds, peakMemoryBytes }) {
      write(`::${token}::`);
      const ended = timedOut ? 'ran out of time' : exitCode === null ? 'was killed' : `exit code ${exitCode}`;
      const memory = peakMemoryBytes === null ? '' : `, ${Math.round(peakMemoryBytes / 1024 ** 2)} MiB at most`;
      write(`${ended}, ${seconds.toFixed(1)} s${memory}`);
      write('::endgroup::');
    },
  };
}
