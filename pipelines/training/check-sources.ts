import type { Source } from '../contracts/run-record.ts';
import type { ValidationSummary } from '../contracts/validation-summary.ts';
import { summariseValidation } from '../data/validation/summarise-validation.ts';
import { failingAs, RunFailed } from './run-failed.ts';
import type { TrainingPorts } from './training-ports.ts';

/**
 * Holds the data of a run against the schemas that the configuration declares, before anything is computed from it. What
 * was found is added to `found`, also when it stops the run: `RunFailed` with `invalid-data`.
 */
export async function checkSources(
  sources: readonly Source[],
  found: ValidationSummary[],
  { validate }: Pick<TrainingPorts, 'validate'>,
): Promise<void> {
  const reports = await failingAs('bad-input', null, () => validate(sources.map(({ path }) => path)));
  found.push(...reports.map(summariseValidation));
  const failed = found.filter(({ status }) => status === 'fail');
  if (failed.length === 0) return;
  const parts = failed.map(({ data, schema, errors, findings }) => {
    const broken = findings.filter(({ severity }) => severity === 'error').slice(0, mostSentences);
    const more = errors > broken.length ? [`- and ${errors - broken.length} more`] : [];
    return [
      `${data} does not hold what ${schema} says:`,
      ...broken.map(({ sentence }) => `- ${cut(sentence)}`),
      ...more,
    ];
  });
  throw new RunFailed({
    code: 'invalid-data',
    stage: null,
    message: ['Nothing was trained: the data is not what its schema says.', ...parts.flat()].join('\n'),
  });
}

/** Sentences of one table, and characters of one sentence, in the message; the record holds more. */
const mostSentences = 5;
const longestSentence = 300;

function cut(sentence: string): string {
  return sentence.length <= longestSentence ? sentence : `${sentence.slice(0, longestSentence - 1).toWellFormed()}…`;
}
