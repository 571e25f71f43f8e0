import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { assignJobs } from '../engine/assign-jobs.ts';
import type { Engine, Runner } from '../engine/engine.ts';
import { refuseJob } from '../engine/expand-job.ts';
import { finishJob } from '../engine/finish-job.ts';
import { jobMessage } from '../engine/job-message.ts';
import type { JobRecord } from '../model/records.ts';
import { type FromRunner, fromRunnerSchema, type ToRunner } from '../model/wire.ts';

/** Lines kept per job; what comes after them is dropped, and the log says so. */
const maxLines = 200_000;

/** Serves one connected runner until either side closes. A job it leaves behind has failed. */
export function openRunnerSession(
  engine: Engine,
  socket: Duplex,
  openRuntime: (job: JobRecord) => { url: string; token: string },
): void {
  const send = (message: ToRunner) => socket.write(`${JSON.stringify(message)}\n`);
  let runner: Runner | null = null;
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  lines.on('line', (line) => {
    const message = readMessage(line);
    if (message === null) socket.destroy();
    else if (message.kind === 'register') {
      runner = addRunner(engine, message, send, openRuntime);
      send({ kind: 'registered', runner: runner.id });
      assignJobs(engine);
    } else if (runner !== null && runner.job?.id === message.job) hear(engine, runner, message);
  });
  socket.once('close', () => {
    if (runner === null) return;
    engine.runners.delete(runner.id);
    const left = runner.job === null ? undefined : engine.jobs.get(runner.job.id);
    if (left === undefined) return;
    refuseJob(engine, left.run, left.job, new Error(`The runner ${runner.name} lost communication with the server.`));
  });
}

function readMessage(line: string): FromRunner | null {
  try {
    return fromRunnerSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function addRunner(
  engine: Engine,
  { name, labels, os }: { name: string; labels: string[]; os: string },
  send: (message: ToRunner) => void,
  openRuntime: (job: JobRecord) => { url: string; token: string },
): Runner {
  const runner: Runner = {
    id: engine.kernel.nextId(),
    name,
    os,
    labels,
    job: null,
    take(run, job) {
      send({ kind: 'job', job: jobMessage(engine, run, job, openRuntime(job)) });
    },
    cancel(job) {
      send({ kind: 'cancel', job: job.id });
    },
  };
  engine.runners.set(runner.id, runner);
  return runner;
}

function hear(engine: Engine, runner: Runner, message: Exclude<FromRunner, { kind: 'register' }>): void {
  const found = engine.jobs.get(message.job);
  if (found === undefined) return;
  const { run, job } = found;
  switch (message.kind) {
    case 'log':
      if (job.log.length < maxLines) job.log.push({ step: message.step, at: message.at, text: message.text });
      else if (job.log.length === maxLines)
        job.log.push({ step: message.step, at: message.at, text: `The log ends here: more than ${maxLines} lines.` });
      break;
    case 'step': {
      const others = job.steps.filter((step) => step.number !== message.step.number);
      job.steps = [...others, message.step].toSorted((left, right) => left.number - right.number);
      break;
    }
    case 'annotation':
      job.annotations.push(message.annotation);
      break;
    case 'summary':
      job.summaries.push({ step: message.step, text: message.text });
      break;
    case 'complete':
      job.outputs = message.outputs;
      if (job.environment !== null) job.environment.url = message.environmentUrl;
      runner.job = null;
      finishJob(engine, run, job, message.conclusion);
      return;
  }
  engine.onChange(run.id);
}
