import { describeError } from '../../../pipelines/describe-error.ts';
import type { RunRecord } from '../model/records.ts';
import type { Engine } from './engine.ts';
import { finishRun } from './finish-run.ts';

/** Ends a run that never got to its jobs: its workflow file is invalid. */
export function failRun(engine: Engine, run: RunRecord, fault?: unknown): void {
  if (fault !== undefined)
    run.annotations.push({
      level: 'failure',
      message: describeError(fault),
      title: 'Invalid workflow file',
      path: run.workflow.path,
      startLine: 1,
      endLine: 1,
    });
  run.unexpanded.clear();
  finishRun(engine, run, 'failure');
}
