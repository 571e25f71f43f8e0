import { editParams } from './edit-params.ts';

/**
 * Pull request "Add 7-day late rates by airport": two more features. The snapshot that has their columns is added
 * beside this, as its owner would add it.
 */
export function addLateRates(files: Readonly<Record<string, string>>): Record<string, string> {
  return editParams(files, (params) => {
    params.addIn(['features'], 'origin_late_rate_7d');
    params.addIn(['features'], 'destination_late_rate_7d');
  });
}
