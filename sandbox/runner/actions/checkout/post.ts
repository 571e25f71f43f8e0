import { runCarriedAction } from '../action-io.ts';
import { runGit } from './run-git.ts';

/** Takes the token out of the checkout again. */
await runCarriedAction(async () => {
  const { STATE_folder: folder, STATE_key: key } = process.env;
  if (folder !== undefined && key !== undefined) await runGit(folder, ['config', '--unset-all', key]);
});
