import type { Task } from '../../contracts/evaluation.ts';
import { PulltrainError } from '../../errors.ts';
import type { PredictionsAsk } from './predictions-ask.ts';
import type { ResolvedColumns } from './resolve-columns.ts';
import { isNumber } from './value-sql.ts';

/** Whole numbers that take more values than this are no classes. */
const mostClasses = 100;

/**
 * The task that the named columns and the values of the label speak for, when none was given: a query is a ranking, several
 * labels a multilabel, several scores a multiclass task; 0 and 1, true and false or two texts a binary one; other numbers a
 * regression, and texts that were only decided upon a multiclass one. Throws `task-unclear`.
 */
export function guessTask(
  ask: PredictionsAsk,
  { label, score, prediction, query }: ResolvedColumns,
  { values, rows }: { values: readonly string[]; rows: number },
): Task {
  if (ask.task !== null) return ask.task;
  if (query !== null) return 'ranking';
  if (label.length > 1) return 'multilabel';
  if (score.length > 1 || ask.classes !== null) return 'multiclass';
  if (ask.positive !== null || values.every((value) => /^(0|1|true|false)$/i.test(value))) return 'binary';
  const [truth] = label;
  const isNumeric = truth !== undefined && isNumber(truth);
  const isWhole = values.every((value) => /^-?\d+$/.test(value));
  if (!isNumeric && values.length <= 2) return 'binary';
  if (score.length === 0) return isNumeric && (!isWhole || values.length > mostClasses) ? 'regression' : 'multiclass';
  const couldBeClasses = isWhole && values.length <= 2 && rows > 20;
  if (isNumeric && prediction.length === 0 && !couldBeClasses) return 'regression';
  throw new PulltrainError('task-unclear', {
    what: 'it is not clear what the score says about this label',
    where: `--label ${truth?.name}`,
    seen: `values ${values.slice(0, 6).join(', ')}${values.length > 6 ? ', ...' : ''}`,
    cure: 'Pass --positive with the value that the score is about, or a --score column for each class, or --task.',
  });
}
