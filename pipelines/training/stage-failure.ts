import type { StageResult } from './pipeline-ports.ts';
import type { Stage } from './stage.ts';
import type { StageOutcome } from './training-ports.ts';

/** What went wrong with the commands of a stage, in words that end with what it said last; null when all went well. */
export function stageFailure(
  { name, options }: Stage,
  { exitCode, timedOut, lastLines, progress }: StageOutcome,
  limit: number,
): StageResult['failure'] {
  const stopped = progress?.stopped ?? null;
  const said = lastLines.length === 0 ? 'It said nothing.' : `Its last lines:\n${lastLines.join('\n')}`;
  const failed = (code: NonNullable<StageResult['failure']>['code'], reason: string) => ({
    code,
    message: `Stage ${name} ${reason}. ${said}`.slice(0, 4000),
  });
  if (stopped?.rule === 'non-finite') return failed('non-finite', `was stopped: ${stopped.message}`);
  if (exitCode === 0 && !timedOut) return null;
  if (timedOut) {
    const cure = 'make it faster, or raise timeout in pulltrain.yml';
    return failed('stage-timeout', `did not end within the ${limit} s that training may take: ${cure}`);
  }
  const ended = exitCode === null ? 'was killed' : `ended with exit code ${exitCode}`;
  if (stopped === null) return failed('stage-failed', ended);
  const asked = `was asked to stop (${stopped.message}) and ${ended}`;
  const cure = 'a program that sees the file PULLTRAIN_STOP, or SIGTERM, saves its best model and ends with 0';
  return failed('stage-failed', `${asked} instead of well within ${options.stop?.grace ?? '1m'}: ${cure}`);
}
