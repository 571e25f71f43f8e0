import { mkdir } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeError } from '../../pipelines/describe-error.ts';
import { connectToService } from './connect-to-service.ts';
import { endDescendants, endMarkedProcesses } from './end-processes.ts';
import type { RunnerFacts } from './job-run.ts';
import { type RunningJob, runJob } from './run-job.ts';
import { unpackCarriedActions } from './unpack-carried-actions.ts';

const usage = `node sandbox/runner/main.ts --url URL --token TOKEN --name NAME --labels a,b --work DIR [--actions-root DIR]

Serves one job at a time of the local GitHub until it is told to stop (SIGTERM), the service goes away, or the process
that started it does. Prints {"ready":true} when it is registered. The token may also be in RUNNER_TOKEN.
`;

const osNames: Partial<Record<NodeJS.Platform, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** The runner process. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      name: { type: 'string' },
      labels: { type: 'string', default: '' },
      work: { type: 'string' },
      'actions-root': { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
      help: { type: 'boolean', default: false },
    },
  });
  const { url, name, token = process.env.RUNNER_TOKEN } = values;
  if (values.help || url === undefined || token === undefined || name === undefined || values.work === undefined) {
    process.stderr.write(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const work = resolve(values.work);
  const labels = values.labels.split(',').filter((label) => label !== '');
  const facts: RunnerFacts = {
    name,
    os: osNames[platform()] ?? platform(),
    arch: arch().toUpperCase(),
    environment: labels.includes('self-hosted') ? 'self-hosted' : 'github-hosted',
  };
  await mkdir(work, { recursive: true });
  await endMarkedProcesses(work);
  const carriedRoot = join(work, '_actions');
  await unpackCarriedActions(carriedRoot);
  let current: { id: number; job: RunningJob } | null = null;
  const connection = await connectToService({ url, token }, (message) => {
    if (message.kind === 'registered') process.stdout.write('{"ready":true}\n');
    else if (message.kind === 'cancel') {
      if (current?.id === message.job) current.job.cancel();
    } else {
      const actionsRoot = resolve(values['actions-root']);
      const surroundings = { work, actionsRoot, carriedRoot, facts, send: connection.send };
      current = { id: message.job.id, job: runJob(message.job, surroundings) };
    }
  });
  const stop = async (): Promise<void> => {
    // All at once: a step must not see another end, and what loses its parent is not found by it any more.
    endDescendants();
    current?.job.kill();
    connection.close();
    await endMarkedProcesses(work);
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  process.once('disconnect', () => void stop());
  connection.send({ kind: 'register', name, labels, os: facts.os });
  await connection.closed;
  await stop();
}

try {
  await main();
} catch (fault) {
  process.stderr.write(`${describeError(fault)}\n`);
  process.exitCode = 1;
}
