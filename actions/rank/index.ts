import { info, setOutput } from '@actions/core';
import { getOctokit } from '@actions/github';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { openTrustedJob } from '../open-trusted-job.ts';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';
import { parseEvent } from './parse-event.ts';

void runAction(async () => {
  const { event, place } = await openTrustedJob();
  const github = getOctokit(place.token);
  const ranked = await main(
    { ...place, run: parseEvent(event) },
    { github, ledger: openLedger(github, place), clock: { now: () => new Date() }, say: info },
  );
  setOutput('directory', ranked?.directory ?? '');
  setOutput('winner', String(ranked?.result.winner ?? ''));
});
