import { type Status, statusSchema } from './common.ts';

/** Folds statuses to the worst one; an empty list is `pass`. */
export function worstStatus(statuses: readonly Status[]): Status {
  const order = statusSchema.options;
  return statuses.reduce<Status>(
    (worst, status) => (order.indexOf(status) > order.indexOf(worst) ? status : worst),
    'pass',
  );
}
