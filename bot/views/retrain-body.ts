import type { RetrainRequest } from '../../pipelines/contracts/retrain-request.ts';
import { readParameter } from '../../pipelines/retraining/edit-parameters.ts';
import { formatRetrainMarker } from '../../pipelines/retraining/retrain-marker.ts';
import { codeSpan } from '../../reports/code-span.ts';

/** The body of a retraining pull request: why it is there and what it changes. `before` is the old `params.yaml`. */
export function retrainBody(request: RetrainRequest, { before, cause }: { before: string; cause: string }): string {
  const { model, requestedBy, issue, parameters } = request;
  const rows = Object.entries(parameters).map(
    ([name, value]) => `| ${code(name)} | ${code(readParameter(before, name))} | ${code(value)} |`,
  );
  return [
    formatRetrainMarker({ model, cause, issue }),
    `Asked for by ${requestedBy} in #${issue}. This pull request trains ${code(model)} again, on newer data. Nothing but these parameters changes:`,
    '',
    '| parameter | now | then |',
    '|---|---|---|',
    ...rows,
    '',
    'The candidate is trained and judged like that of any other pull request, and merging it releases it.',
    '',
    `Closes #${issue}`,
    '',
  ].join('\n');
}

function code(value: unknown): string {
  return codeSpan(typeof value === 'string' ? value : (JSON.stringify(value) ?? '?'));
}
