import type { DriftReport } from '../pipelines/contracts/drift-report.ts';
import { codeSpan } from './code-span.ts';

/** Columns that are named; more are counted. */
const MOST = 3;

/** What a person is to do about a drift report, step by step, as a markdown list. */
export function driftAdvice({ findings, tag }: DriftReport): string {
  const drifted = findings.filter(({ status }) => status === 'fail');
  if (drifted.length === 0) return 'Nothing: all that was looked at is as at release.';
  const kinds = new Set(drifted.map(({ kind }) => kind));
  const inputs = [...new Set(drifted.filter(({ kind }) => kind === 'covariate').map(({ subject }) => subject))];
  const moved = kinds.has('covariate') || kinds.has('prediction') || kinds.has('label') || kinds.has('concept');
  const steps = [
    ...(kinds.has('health') ? ['**Look at the service**: it is unwell. See to its errors and latency first.'] : []),
    ...(inputs.length > 0
      ? [
          `**Rule out a broken feed**: look at where ${nameSome(inputs)} ${inputs.length === 1 ? 'comes' : 'come'} from. A column that is late, empty or in another unit drifts too, and no retraining repairs it.`,
        ]
      : []),
    ...(kinds.has('quality')
      ? [
          `**Hurry**: the labels say that the model answers worse than at its release. If that cannot wait for a new model, revert the pull request that released ${codeSpan(tag)}.`,
        ]
      : []),
    ...(moved || kinds.has('quality') ? [retraining(kinds.has('concept') && !kinds.has('quality'))] : []),
    '**Or leave it**: if this is known and harmless, close the issue. It stays closed until the drift has been away and is back.',
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

function retraining(scores: boolean): string {
  const why = scores
    ? ' The labels say that scores no longer mean what they say, though they still rank as well; newer data set them right.'
    : '';
  return `**If the world has moved, retrain**: comment \`/retrain\` here. The bot opens a pull request that trains on newer data, is judged like any other, and closes this issue when it merges.${why}`;
}

function nameSome(subjects: readonly string[]): string {
  const named = subjects.slice(0, MOST).map((subject) => codeSpan(subject));
  const more = subjects.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}
