import { PulltrainError } from '../../../../pipelines/errors.ts';
import { announce, readInput, runCarriedAction, writeOutput } from '../action-io.ts';

await runCarriedAction(async () => {
  const wanted = readInput('node-version');
  if (!/^(v?24(\.(x|\d+)){0,2}|lts\/\*|node|latest|)$/.test(wanted))
    throw new PulltrainError('input-refused', {
      what: 'the local runner has one Node and installs no other',
      where: 'node-version',
      seen: wanted,
      allowed: '24',
    });
  if (readInput('cache') !== '') announce('notice', 'The local runner keeps no cache of packages; `cache` is ignored.');
  process.stdout.write(`Node ${process.versions.node}\n`);
  writeOutput('node-version', `v${process.versions.node}`);
  writeOutput('cache-hit', 'false');
});
