import type { FromRunner, JobMessage } from '../workflows/model/wire.ts';
import type { JobRun, RunnerFacts } from './job-run.ts';
import { createMasker } from './mask-secrets.ts';
import { prepareFolders } from './prepare-folders.ts';

/** Lines sent per job; a job that prints more than that is cut off by the server anyway. */
const maxLines = 200_001;

export type JobSurroundings = {
  work: string;
  actionsRoot: string;
  carriedRoot: string;
  facts: RunnerFacts;
  send(message: FromRunner): void;
};

/** Makes a job's folders and the masked ways out of it. */
export async function openJob(message: JobMessage, surroundings: JobSurroundings): Promise<JobRun> {
  const { work, actionsRoot, carriedRoot, facts, send } = surroundings;
  const { contexts, runtime, id } = message;
  const masker = createMasker();
  for (const secret of Object.values(contexts.secrets)) masker.add(String(secret));
  masker.add(runtime.token);
  // The event does not change while the job runs; frozen, it is converted for expressions once.
  Object.freeze(contexts.github.event);
  let lines = 0;
  return {
    message,
    folders: await prepareFolders(work, message),
    facts,
    actionsRoot,
    carriedRoot,
    env: {},
    path: [],
    masker,
    states: new Map(),
    posts: [],
    groups: new Set(),
    isCancelled: false,
    hasFailed: false,
    log(step, text) {
      for (const line of masker.mask(text).split(/\r?\n/)) {
        lines += 1;
        if (lines <= maxLines) send({ kind: 'log', job: id, step, at: new Date().toISOString(), text: line });
      }
    },
    report: (step) => send({ kind: 'step', job: id, step }),
    annotate: (annotation) => {
      const { message: text, title } = annotation;
      const masked = { ...annotation, message: masker.mask(text), title: masker.mask(title) };
      send({ kind: 'annotation', job: id, annotation: masked });
    },
    summarize: (step, text) => send({ kind: 'summary', job: id, step, text: masker.mask(text) }),
  };
}
