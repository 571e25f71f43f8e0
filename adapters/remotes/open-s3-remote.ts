import { Readable } from 'node:stream';
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import { describeS3Failure, explainS3Failure } from './explain-s3-failure.ts';
import type { Environment } from './open-remote.ts';
import { putS3Object } from './put-s3-object.ts';
import { type Reply, readResuming } from './read-resuming.ts';
import { requireObjectName } from './require-object-name.ts';
import { openS3Client, type S3Place } from './s3-client.ts';

/**
 * Objects in a bucket of Amazon S3 or a service that speaks its protocol. Requests are repeated up to five times with
 * growing waits; reading goes on where a connection broke; large objects are sent in parts and continue where an earlier
 * attempt ended. An object is visible when the service has it whole. Keys, tokens and signatures are in no message.
 */
export function openS3Remote(place: S3Place, environment: Environment): ObjectRemote {
  const { bucket, prefix } = place;
  const address = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
  let opened: ReturnType<typeof openS3Client> | undefined;
  let bucketSeen: Promise<void> | undefined;
  const open = () => {
    opened ??= openS3Client(place, environment);
    return opened;
  };
  const keyOf = (name: string) => {
    requireObjectName(name);
    return `${keyPrefix(prefix)}${name}`;
  };

  /** A missing bucket and a missing object look the same to HEAD, so the bucket itself is asked for once. */
  async function requireBucket(): Promise<void> {
    const { sdk, client } = await open();
    bucketSeen ??= client.send(new sdk.HeadBucketCommand({ Bucket: bucket })).then(
      () => {},
      (cause) => {
        if (describeS3Failure(cause).status !== 404) return;
        throw new PulltrainError('remote-failed', {
          what: 'there is no such bucket',
          where: address,
          cure: 'Create the bucket, or correct its name.',
        });
      },
    );
    await bucketSeen;
  }

  async function size(name: string): Promise<number | null> {
    const Key = keyOf(name);
    const { sdk, client } = await open();
    try {
      const found = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key }));
      return found.ContentLength ?? null;
    } catch (cause) {
      if (describeS3Failure(cause).status === 404) return requireBucket().then(() => null);
      throw explainS3Failure(cause, `cannot look for ${name}`, address);
    }
  }

  return {
    address,
    size,

    async *list(wanted) {
      const { sdk, client } = await open();
      const start = keyPrefix(prefix);
      const input = { Bucket: bucket, Prefix: `${start}${wanted}` };
      let next: { ContinuationToken?: string } | null = {};
      try {
        while (next !== null) {
          const page: ListObjectsV2CommandOutput = await client.send(
            new sdk.ListObjectsV2Command({ ...input, ...next }),
          );
          for (const { Key, Size, LastModified } of page.Contents ?? []) {
            if (Key === undefined || Size === undefined) continue;
            const modified = LastModified === undefined ? {} : { modifiedAt: LastModified.getTime() };
            yield { name: Key.slice(start.length), size: Size, ...modified };
          }
          const { IsTruncated, NextContinuationToken: token } = page;
          next = IsTruncated === true && token !== undefined ? { ContinuationToken: token } : null;
        }
      } catch (cause) {
        throw explainS3Failure(cause, 'the bucket cannot be listed', address);
      }
    },

    async *read(name, range = { start: 0 }) {
      if (range.end !== undefined && range.end <= range.start) return;
      const Key = keyOf(name);
      const { sdk, client } = await open();
      try {
        yield* readResuming(range, async ({ start, end, version }): Promise<Reply | null> => {
          const isWhole = start === 0 && end === undefined;
          const input = {
            Bucket: bucket,
            Key,
            ...(isWhole ? {} : { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` }),
            ...(version === undefined ? {} : { IfMatch: version }),
          };
          const found = await client.send(new sdk.GetObjectCommand(input)).catch((cause) => {
            // Beyond the end, where other remotes have no bytes either.
            if (describeS3Failure(cause).status === 416) return null;
            // The client has asked five times.
            throw readFailure(cause, name, address);
          });
          if (found === null) return null;
          const { Body, ContentLength = 0, ContentRange, ETag } = found;
          if (start > 0 && ContentRange === undefined) throw new Error('the service ignores ranges');
          // The client's type of a body includes what browsers get.
          const bytes = Body instanceof Readable ? Body : Readable.from([]);
          return { bytes, end: start + ContentLength, ...(ETag === undefined ? {} : { version: ETag }) };
        });
      } catch (cause) {
        throw readFailure(cause, name, address);
      }
    },

    async write(name, source) {
      const key = keyOf(name);
      try {
        await putS3Object({ ...(await open()), bucket, key, sizeNow: () => size(name) }, source);
      } catch (cause) {
        throw explainS3Failure(cause, `${name} could not be written`, address);
      }
    },

    async remove(name) {
      const Key = keyOf(name);
      const { sdk, client } = await open();
      try {
        await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key }));
      } catch (cause) {
        if (describeS3Failure(cause).status === 404) return;
        throw explainS3Failure(cause, `${name} could not be removed`, address);
      }
    },
  };
}

function keyPrefix(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}

function readFailure(cause: unknown, name: string, address: string): PulltrainError {
  if (describeS3Failure(cause).name !== 'NoSuchKey') return explainS3Failure(cause, `cannot read ${name}`, address);
  return new PulltrainError('object-missing', {
    what: `the remote has no ${name}`,
    where: address,
    cure: 'Push it from where it was made (pulltrain data push), or name another remote.',
  });
}
