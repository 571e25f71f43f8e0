import type { ServerResponse } from 'node:http';
import { ApiError } from '../../github/kernel.ts';
import type { Engine } from '../engine/engine.ts';

/** The log of a job as text, each line with its time. */
export function sendLog(engine: Engine, jobId: number, response: ServerResponse): void {
  const found = engine.jobs.get(jobId);
  if (found === undefined) throw new ApiError(404, 'Not Found');
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  // GitHub writes times with seven digits of the second.
  response.end(found.job.log.map(({ at, text }) => `${at.replace('Z', '0000Z')} ${text}\n`).join(''));
}
