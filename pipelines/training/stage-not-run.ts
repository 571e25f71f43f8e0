import type { StageResult } from './pipeline-ports.ts';
import type { Stage } from './stage.ts';

/** What is said of a stage before anything has happened to it. */
export function notRun(stage: Stage, reason: string): StageResult {
  return {
    stage,
    status: 'not-run',
    key: null,
    inputs: [],
    outputs: [],
    outcome: null,
    seconds: 0,
    startedAt: null,
    finishedAt: null,
    failure: null,
    reason,
  };
}
