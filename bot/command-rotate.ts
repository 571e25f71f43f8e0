import { branchHead } from '../adapters/github/branch-head.ts';
import { readFile } from '../adapters/github/read-file.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import { integrityHex, integrityOf } from '../pipelines/integrity.ts';
import { rotateFold } from '../pipelines/wear/rotate-fold.ts';
import { applyPlan } from './apply-plan.ts';
import type { IssueCommentEvent } from './events/issue-comment-event.ts';
import type { Answer } from './handlers/handle-comment.ts';
import type { BotPorts } from './ports.ts';
import { configFile } from './read-config.ts';
import { rotateBody } from './views/rotate-body.ts';

const rotateLabel = 'holdout';

/**
 * `/rotate-holdout [model]`: one pull request that goes on to rows that have judged nothing yet. It is policy, so people
 * merge it, and it counts from then on. The branch is named after what it changes: asked again, the same pull request is found.
 */
export async function commandRotate(named: string | null, event: IssueCommentEvent, ports: BotPorts): Promise<Answer> {
  const { place } = event;
  const { owner, repo, defaultBranch } = place;
  const from = await branchHead(ports.github, { owner, repo, branch: defaultBranch });
  const before = await readFile(ports.github, place, configFile, from);
  if (before === null)
    return { outcome: 'refused', message: 'There is no `pulltrain.yml` on the default branch.', pull: null };
  const { name, model } = selectModel(parseConfig(before, configFile), named ?? undefined);
  const { text, use, of } = rotateFold(before, { name, holdout: model.holdout });
  const title = `Judge ${name} by part ${use} of ${of} of its holdout`;
  const asked = { by: event.person ?? '', issue: event.issue };
  const [opened] = await applyPlan(
    [
      {
        do: 'open-pull-request',
        pull: {
          branch: `pulltrain/rotate-${name}-${use}-${integrityHex(integrityOf(text)).slice(0, 7)}`,
          base: defaultBranch,
          from,
          message: `${title}\n\nAsked for by ${asked.by} in #${asked.issue}.`,
          title,
          body: rotateBody({ name, use, of }, asked),
          label: rotateLabel,
          changes: [{ path: configFile, content: text }],
        },
      },
    ],
    place,
    ports,
  );
  const pull = opened?.number ?? null;
  return {
    outcome: 'done',
    message: `#${pull} proposes part ${use} of ${of}, whose rows have judged nothing yet.`,
    pull,
  };
}
