import { addLateRates } from './add-late-rates.ts';
import { editParams } from './edit-params.ts';

/**
 * Pull request "Train faster", on top of the late rates: the last week of March alone and three trees. It saves nearly
 * all of the training time and costs about three points of AUC on April.
 */
export function trainTooLittle(files: Readonly<Record<string, string>>): Record<string, string> {
  return editParams(addLateRates(files), (params) => {
    params.setIn(['train', 'from'], '2001-03-25');
    params.setIn(['train', 'validation_days'], 1);
    params.setIn(['train', 'trees'], 3);
  });
}
