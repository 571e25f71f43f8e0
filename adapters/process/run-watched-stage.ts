import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durationSeconds } from '../../pipelines/config/duration-seconds.ts';
import { judgeProgress } from '../../pipelines/training/judge-progress.ts';
import type { ProgressLine } from '../../pipelines/training/parse-progress.ts';
import type { StageOptions } from '../../pipelines/training/stage-options.ts';
import type { StageOutcome } from '../../pipelines/training/training-ports.ts';
import { runStage, type StageProcess } from './run-stage.ts';
import { watchProgress } from './watch-progress.ts';

/**
 * Runs a stage and listens to what it reports in the file PULLTRAIN_PROGRESS. When a rule says so it is stopped: at once for
 * a loss that is no number; else it is asked by the file PULLTRAIN_STOP, and by SIGTERM when it has not ended in time.
 */
export async function runWatchedStage(
  stage: StageProcess,
  options: StageOptions,
  heard: (line: ProgressLine) => void,
): Promise<StageOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-stage-'));
  const files = { PULLTRAIN_PROGRESS: join(folder, 'progress.jsonl'), PULLTRAIN_STOP: join(folder, 'stop') };
  const judge = judgeProgress(options);
  const ending = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  const watch = watchProgress(files.PULLTRAIN_PROGRESS, (line) => {
    heard(line);
    const reason = line.point === null ? null : judge.take(line.point);
    if (reason === null) return;
    stage.onLine(`Stopping: ${reason.message}`);
    if (reason.rule === 'non-finite') return ending.abort();
    void writeFile(files.PULLTRAIN_STOP, `${reason.message}\n`).catch(() => ending.abort());
    grace = setTimeout(() => ending.abort(), durationSeconds(options.stop?.grace ?? '1m') * 1000);
  });
  try {
    const environment = { ...stage.environment, ...files };
    const outcome = await runStage({ ...stage, environment, end: ending.signal });
    await watch.end();
    const progress = judge.result();
    return progress.points.length === 0 ? outcome : { ...outcome, progress };
  } finally {
    clearTimeout(grace);
    await watch.end();
    await rm(folder, { recursive: true, force: true });
  }
}
