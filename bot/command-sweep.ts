import { readFile } from '../adapters/github/read-file.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import { repositoryPathSchema } from '../pipelines/contracts/common.ts';
import type { Parameter } from '../pipelines/contracts/run-record.ts';
import type { SweepPlan, Trial } from '../pipelines/contracts/sweep.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { TreeChange } from '../pipelines/publication/planned-action.ts';
import { makePlan } from '../pipelines/sweeps/make-plan.ts';
import { parseAsk } from '../pipelines/sweeps/parse-ask.ts';
import { countRungs, planRung } from '../pipelines/sweeps/plan-rung.ts';
import { sweepId, sweepPlanPath } from '../pipelines/sweeps/sweep-paths.ts';
import { setParameters, splitName } from '../pipelines/training/override-parameters.ts';
import { renderSweep } from '../reports/render-sweep.ts';
import { applyPlan } from './apply-plan.ts';
import type { IssueCommentEvent } from './events/issue-comment-event.ts';
import type { Answer } from './handlers/handle-comment.ts';
import type { BotPorts } from './ports.ts';
import { readConfig } from './read-config.ts';
import { readOwnPull } from './read-own-pull.ts';
import { sweepDispatch } from './sweep-dispatch.ts';

/**
 * `/sweep` on a pull request: the plan into the ledger, then a workflow on the branch with one job for each trial. The answer
 * is the comment that shows the ranked table later on.
 */
export async function commandSweep(
  { model: named, words }: { model: string | null; words: readonly string[] },
  event: IssueCommentEvent,
  ports: BotPorts,
): Promise<Answer> {
  const refused = (message: string): Answer => ({ outcome: 'refused', message, pull: null });
  const pull = await readOwnPull(event, ports);
  if (typeof pull === 'string') return refused(pull);
  const config = await readConfig(ports.github, event.place);
  if (config === null) return refused('There is no `pulltrain.yml` on the default branch.');
  const { name, model } = selectModel(config, named ?? undefined);
  const plan = makePlan({ model: name, config: model }, parseAsk(words), {
    commit: pull.headSha,
    pull: { number: event.issue, headRef: pull.headRef, issuedBy: event.person ?? '', comment: event.comment },
  });
  const trials = planRung(plan, []);
  const [first] = trials;
  if (first !== undefined) await editParameterFiles(first, pull.headSha, event, ports);

  const id = sweepId({ pull: event.issue, comment: event.comment });
  const message = `Record the plan of sweep ${id}`;
  const applied = await applyPlan(
    [
      { do: 'write-ledger', entries: [{ path: sweepPlanPath(id), document: plan }], message },
      sweepDispatch({ id, rung: 1 }, plan, trials),
    ],
    event.place,
    ports,
  );
  const url = applied.at(-1)?.url ?? undefined;
  const view = {
    plan,
    results: [],
    rungs: countRungs(plan),
    running: trials.length,
    ...(url === undefined ? {} : { url }),
  };
  return { outcome: 'done', message: renderSweep(view), pull: null };
}

/**
 * The parameter files of a commit with a trial's values in them. Throws `parameter-unknown` for a name that no file has, which
 * every trial would fail by.
 */
export async function editParameterFiles(
  { parameters }: Pick<Trial, 'parameters'>,
  commit: SweepPlan['commit'],
  { place }: Pick<IssueCommentEvent, 'place'>,
  { github }: Pick<BotPorts, 'github'>,
): Promise<TreeChange[]> {
  const changes: TreeChange[] = [];
  for (const [file, own] of Map.groupBy(Object.entries(parameters), ([name]) => splitName(name).file)) {
    const path = repositoryPathSchema.safeParse(file);
    const text = path.success ? await readFile(github, place, path.data, commit) : null;
    if (text === null) {
      throw new PulltrainError('parameters-missing', {
        what: 'the commit has no such file of parameters',
        where: file,
      });
    }
    const values: Record<string, Parameter> = Object.fromEntries(
      own.map(([name, value]) => [splitName(name).name, value]),
    );
    const content = setParameters(text, values, file);
    if (content !== text) changes.push({ path: file, content });
  }
  return changes;
}
