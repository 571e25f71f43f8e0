import { evaluateTexts } from '../workflows/expressions/evaluate-template.ts';
import type { Step } from '../workflows/model/workflow.ts';
import type { Frame, JobRun } from './job-run.ts';
import { readAction } from './read-action.ts';
import { resolveUses } from './resolve-uses.ts';
import { stepScope } from './step-scope.ts';

/** A step whose action has a `pre` program, and the condition of it. */
export type PreStep = { step: Step; uses: string; condition: string };

/**
 * Finds every action before the first step runs, so that a refused one costs nothing, and evaluates the job's `env`.
 * Actions of the workspace are found when their step begins: before the checkout they are not there.
 */
export function setUpJob(job: JobRun, frame: Frame, number: number): PreStep[] {
  const { message, facts } = job;
  job.log(number, `Current runner: '${facts.name}' (${facts.os}, ${facts.arch}, Node ${process.versions.node})`);
  job.log(number, '##[group]GITHUB_TOKEN Permissions');
  for (const [name, access] of Object.entries(message.permissions).toSorted()) job.log(number, `${name}: ${access}`);
  job.log(number, '##[endgroup]');
  const pres: PreStep[] = [];
  const find = (steps: readonly Step[], isOurs: boolean, depth: number): void => {
    for (const step of steps) {
      const { uses } = step;
      if (uses === undefined || uses.startsWith('./')) continue;
      const place = resolveUses(uses, {
        actionsRoot: job.actionsRoot,
        carriedRoot: job.carriedRoot,
        workspace: job.folders.workspace,
        isOurs,
      });
      const { runs } = readAction(place.folder, uses);
      if (depth === 0) job.log(number, `Prepared action '${uses}'`);
      if (runs.using === 'composite') {
        if (depth < 10) find(runs.steps, place.isOurs, depth + 1);
      } else if (runs.pre !== undefined && depth > 0)
        throw new Error(`${uses} has a pre program, which runs here only when a job uses the action itself.`);
      else if (runs.pre !== undefined) pres.push({ step, uses, condition: runs['pre-if'] });
    }
  };
  find(message.steps, false, 0);
  for (const declared of message.env) {
    const scope = stepScope(job, frame, job.env, '');
    Object.assign(job.env, evaluateTexts(declared, scope));
  }
  return pres;
}
