import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { Agent, interceptors, request } from 'undici';
import { PulltrainError } from '../../pipelines/errors.ts';
import { explainS3Failure } from '../remotes/explain-s3-failure.ts';
import { type Environment, readS3Url } from '../remotes/open-remote.ts';
import { type Reply, readResuming } from '../remotes/read-resuming.ts';
import { openS3Client } from '../remotes/s3-client.ts';

type Range = { start: number; version?: string };

/** True for an address that `bringFile` fetches. */
export function isRemoteFile(address: string): boolean {
  return /^(https?|s3|file):\/\//.test(address);
}

/**
 * The file behind an address as one of this machine: brought into `folder` from the web or from a bucket, over connections
 * that break. `said` hears how many bytes have come, and of how many. Throws `remote-failed`.
 */
export async function bringFile(
  address: string,
  folder: string,
  environment: Environment,
  said: (bytes: number, of: number | null) => void = () => {},
): Promise<string> {
  if (address.startsWith('file:///')) return fileURLToPath(address);
  const name = basename(address.replace(/[?#].*$/, '')) || 'file';
  const file = join(folder, name);
  const ask = address.startsWith('s3://') ? askBucket(address, environment) : askWeb(address);
  let arrived = 0;
  async function* counted() {
    let whole: number | null = null;
    const bytes = readResuming({ start: 0 }, async (range) => {
      const reply = await ask(range);
      whole = reply.end;
      return reply;
    });
    for await (const piece of bytes) {
      arrived += piece.length;
      said(arrived, whole);
      yield piece;
    }
  }
  try {
    await pipeline(Readable.from(counted()), createWriteStream(file));
  } catch (cause) {
    if (cause instanceof PulltrainError) throw cause;
    throw new PulltrainError('remote-failed', {
      what: 'the file cannot be fetched',
      where: withoutSecrets(address),
      seen: `${arrived} bytes, then ${cause instanceof Error ? cause.message : String(cause)}`,
      cure: 'Check the address and the network.',
      cause,
    });
  }
  return file;
}

function askWeb(address: string): (range: Range) => Promise<Reply> {
  const dispatcher = new Agent({ connect: { timeout: 10_000 }, bodyTimeout: 60_000 }).compose(
    interceptors.redirect({ maxRedirections: 5 }),
  );
  return async ({ start, version }) => {
    const headers =
      start === 0 ? {} : { range: `bytes=${start}-`, ...(version === undefined ? {} : { 'if-match': version }) };
    const { statusCode, headers: answer, body } = await request(address, { dispatcher, headers });
    if (statusCode !== (start === 0 ? 200 : 206)) {
      await body.dump();
      throw new PulltrainError('remote-failed', {
        what: 'the file cannot be fetched',
        where: withoutSecrets(address),
        seen: `HTTP ${statusCode}`,
        cure: 'Check the address, and whether it needs a sign-in.',
      });
    }
    const length = Number(answer['content-length'] ?? Number.NaN);
    const tag = typeof answer.etag === 'string' && !answer.etag.startsWith('W/') ? answer.etag : undefined;
    return {
      bytes: body,
      end: Number.isFinite(length) ? start + length : null,
      ...(tag === undefined ? {} : { version: tag }),
    };
  };
}

function askBucket(address: string, environment: Environment): (range: Range) => Promise<Reply> {
  const place = readS3Url(address);
  if (place === null || place.prefix === '') {
    throw new PulltrainError('remote-failed', {
      what: 'no file in a bucket',
      seen: address,
      allowed: 's3://bucket/path',
    });
  }
  const { bucket, prefix: Key } = place;
  const opened = openS3Client({ bucket, prefix: '' }, environment);
  return async ({ start, version }) => {
    const { sdk, client } = await opened;
    try {
      const reply = await client.send(
        new sdk.GetObjectCommand({
          Bucket: bucket,
          Key,
          ...(start === 0 ? {} : { Range: `bytes=${start}-` }),
          ...(version === undefined ? {} : { IfMatch: version }),
        }),
      );
      if (!(reply.Body instanceof Readable)) throw new Error('the reply has no bytes');
      return {
        bytes: reply.Body,
        end: reply.ContentLength === undefined ? null : start + reply.ContentLength,
        ...(reply.ETag === undefined ? {} : { version: reply.ETag }),
      };
    } catch (cause) {
      throw explainS3Failure(cause, 'the file cannot be fetched', address);
    }
  };
}

function withoutSecrets(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*$/, '?***');
}
