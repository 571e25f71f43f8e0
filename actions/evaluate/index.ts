import { getInput, info, setOutput } from '@actions/core';
import { getOctokit } from '@actions/github';
import { openTrustedJob } from '../open-trusted-job.ts';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';
import { parseEvent } from './parse-event.ts';

void runAction(async () => {
  const { event, place } = await openTrustedJob();
  const evaluated = await main(
    {
      ...place,
      ...parseEvent(event),
      model: getInput('model'),
      runDirectory: getInput('run-directory', { required: true }),
    },
    { github: getOctokit(place.token), say: info },
  );
  setOutput('directory', evaluated.directory);
  setOutput('status', evaluated.status);
});
