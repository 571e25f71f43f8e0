import type { PipelineSurroundings } from '../../adapters/training/open-pipeline-ports.ts';
import type { Terminal } from '../verb.ts';

/** Tells a person how a run goes on: stages as they start and end, and what they write. */
export function observeRun(terminal: Terminal): PipelineSurroundings['observer'] {
  const running = new Set<string>();
  return {
    note: (line) => terminal.progress(line),
    started({ name }, done, all) {
      running.add(name);
      terminal.progress(`${terminal.paint('bold', `Stage ${name}`)} starts (${done} of ${all} done)`);
    },
    progress({ name }, { at, metrics }) {
      const told = Object.entries(metrics).map(
        ([metric, value]) => `${metric} ${value?.toPrecision(5) ?? 'not finite'}`,
      );
      terminal.progress(terminal.paint('dim', `  ${running.size > 1 ? `${name} | ` : ''}${at}: ${told.join(', ')}`));
    },
    line: (stage, text) => terminal.progress(running.size > 1 ? `  ${stage} | ${text}` : `  ${text}`),
    ended({ stage, status, outcome, reason, failure }) {
      running.delete(stage.name);
      if (outcome === null && status !== 'failed') {
        if (status !== 'unchanged') terminal.progress(`Stage ${stage.name}: ${status}, ${reason}`);
        return;
      }
      const took = outcome === null ? '' : ` after ${outcome.seconds.toFixed(1)} s`;
      const how = status === 'failed' ? terminal.paint('red', 'failed') : 'ended';
      terminal.progress(`Stage ${stage.name} ${how}${took}`);
      if (failure !== null && outcome === null) terminal.progress(`  ${failure.message}`);
    },
  };
}
