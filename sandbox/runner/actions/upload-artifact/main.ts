import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PulltrainError } from '../../../../pipelines/errors.ts';
import {
  announce,
  readFlag,
  readInput,
  readNumber,
  readVariable,
  runCarriedAction,
  writeOutput,
} from '../action-io.ts';
import { numberField, textField } from '../read-json.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { zipFiles } from './zip-files.ts';

type Receipt = { id: number; size: number; digest: string };

async function main(): Promise<void> {
  if (readFlag('overwrite'))
    throw new PulltrainError('input-refused', {
      what: 'the carried actions/upload-artifact does not overwrite',
      where: 'overwrite',
    });
  const lines = readInput('path', { required: true })
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const files = findFiles(readVariable('GITHUB_WORKSPACE'), lines, readFlag('include-hidden-files'));
  if (files.length === 0) {
    reportNothing(lines);
    return;
  }
  const days = readNumber('retention-days', 0);
  const { name, archived, body } = pack(files);
  const { id, size, digest } = await send({ name, archived, days, body });
  process.stdout.write(`Artifact ${name} has been uploaded: ${files.length} files, ${size} bytes, ${digest}\n`);
  writeOutput('artifact-id', String(id));
  writeOutput('artifact-digest', digest.replace(/^sha256:/, ''));
  const run = `${readVariable('GITHUB_SERVER_URL')}/${readVariable('GITHUB_REPOSITORY')}/actions/runs/${readVariable('GITHUB_RUN_ID')}`;
  writeOutput('artifact-url', `${run}/artifacts/${id}`);
}

/** A zip under the name that was asked for; or, with `archive: false`, one file under its own. */
function pack(files: readonly FoundFile[]): { name: string; archived: boolean; body: Readable } {
  if (readInput('archive') !== 'false') {
    const body = zipFiles(files, readNumber('compression-level', 6));
    return { name: readInput('name', { required: true }), archived: true, body };
  }
  const [only, ...others] = files;
  if (only === undefined || others.length > 0)
    throw new PulltrainError('input-invalid', {
      what: 'without an archive there is one file',
      where: 'path',
      seen: `${files.length} files`,
    });
  return { name: basename(only.file), archived: false, body: createReadStream(only.file) };
}

function reportNothing(lines: readonly string[]): void {
  const message = `No files were found with the provided path: ${lines.join(', ')}. No artifacts will be uploaded.`;
  const policy = readInput('if-no-files-found');
  if (policy === 'error') throw new PulltrainError('files-missing', { what: message });
  if (policy === 'ignore') process.stdout.write(`${message}\n`);
  else if (policy === 'warn' || policy === '') announce('warning', message);
  else
    throw new PulltrainError('input-invalid', {
      what: 'unknown value',
      where: 'if-no-files-found',
      seen: policy,
      allowed: 'warn, error, ignore',
    });
}

type Sending = { name: string; archived: boolean; days: number; body: Readable };

async function send({ name, archived, days, body }: Sending): Promise<Receipt> {
  const url = `${readVariable('ACTIONS_RUNTIME_URL')}/artifacts/${encodeURIComponent(name)}?retention-days=${days}&archived=${archived}`;
  const sending = request(url, {
    method: 'PUT',
    headers: { authorization: `Bearer ${readVariable('ACTIONS_RUNTIME_TOKEN')}` },
  });
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    sending.once('error', reject);
    sending.once('response', async (response) => {
      const chunks = await response.toArray();
      resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
    });
  });
  // A refusal may arrive while the body is still being sent; it says more than the broken pipe does.
  const [sent, answer] = await Promise.allSettled([pipeline(body, sending), answered]);
  if (answer.status === 'rejected') throw answer.reason;
  const { status, text } = answer.value;
  if (status !== 201)
    throw new PulltrainError('artifact-refused', {
      what: 'the artifact was refused',
      where: name,
      seen: `HTTP ${status} ${text}`,
    });
  if (sent.status === 'rejected') throw sent.reason;
  const receipt: unknown = JSON.parse(text);
  return { id: numberField(receipt, 'id'), size: numberField(receipt, 'size'), digest: textField(receipt, 'digest') };
}

await runCarriedAction(main);
