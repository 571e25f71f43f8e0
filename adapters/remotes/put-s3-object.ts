import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { PulltrainError } from '../../pipelines/errors.ts';
import { type Source, sizeOf } from './cut-pieces.ts';
import { describeS3Failure } from './explain-s3-failure.ts';
import { inLanes } from './in-lanes.ts';
import type { openS3Client } from './s3-client.ts';

const mebibyte = 1024 ** 2;
/** Bytes; larger objects go in parts, of which a service takes 10 000 at most. */
const partBytes = 16 * mebibyte;
const mostParts = 10_000;
/** Parts on their way at once: 64 MiB of memory. */
const lanes = 4;

type Target = Awaited<ReturnType<typeof openS3Client>> & {
  bucket: string;
  key: string;
  sizeNow(): Promise<number | null>;
};
type Part = { PartNumber: number; ETag: string };

/** Puts an object unless there is one; the service shows it once it has all of it. */
export async function putS3Object(target: Target, source: Source): Promise<void> {
  const size = sizeOf(source);
  if (size <= partBytes) return putWhole(target, source instanceof Uint8Array ? source : await readSmall(source));
  if ((await target.sizeNow()) !== null) return;
  await putInParts(target, source, size);
  const arrived = await target.sizeNow();
  if (arrived === size) return;
  await target.client.send(new target.sdk.DeleteObjectCommand({ Bucket: target.bucket, Key: target.key }));
  throw new Error(`the service keeps ${arrived} bytes of ${size}`);
}

async function putWhole({ sdk, client, bucket, key }: Target, body: Uint8Array): Promise<void> {
  await onlyIfNone((IfNoneMatch) =>
    client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...IfNoneMatch })),
  );
}

/**
 * Asks for the write to happen only where there is nothing; services that cannot do that just write the same again. False
 * when somebody was first.
 */
async function onlyIfNone(send: (condition: { IfNoneMatch?: string }) => Promise<unknown>): Promise<boolean> {
  try {
    await send({ IfNoneMatch: '*' });
    return true;
  } catch (cause) {
    const { status } = describeS3Failure(cause);
    if (status === 412) return false;
    // 409: somebody else is writing the same object at this moment.
    if (status !== 501 && status !== 409) throw cause;
    await send({});
    return true;
  }
}

async function putInParts(target: Target, source: Source, size: number): Promise<void> {
  const { sdk, client, bucket, key } = target;
  const partSize = Math.max(partBytes, Math.ceil(size / mostParts / mebibyte) * mebibyte);
  const count = Math.ceil(size / partSize);
  const begun = await findBegun(target);
  const UploadId = begun?.id ?? (await begin(target));
  const file = source instanceof Uint8Array ? null : await open(source.file);
  const upload = { Bucket: bucket, Key: key, UploadId };
  const parts: Part[] = [];
  const send = async (index: number) => {
    const PartNumber = index + 1;
    const body = await readPart(source, file, index * partSize, Math.min(partSize, size - index * partSize));
    const there = begun?.parts.get(PartNumber);
    const isThere = there !== undefined && there === md5Tag(body);
    const { ETag = md5Tag(body) } = isThere
      ? { ETag: there }
      : await client.send(new sdk.UploadPartCommand({ ...upload, PartNumber, Body: body }));
    parts.push({ PartNumber, ETag });
  };
  try {
    await inLanes(Array(count).keys(), lanes, send);
    const Parts = parts.sort((left, right) => left.PartNumber - right.PartNumber);
    const isFirst = await onlyIfNone((condition) =>
      client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts }, ...condition })),
    );
    if (!isFirst) await client.send(new sdk.AbortMultipartUploadCommand(upload));
  } catch (cause) {
    // Another writer of the same bytes may have finished this very upload.
    if (describeS3Failure(cause).name === 'NoSuchUpload' && (await target.sizeNow()) === size) return;
    // What a broken connection left stays with the service, out of sight, and the next attempt goes on from there.
    if (cause instanceof PulltrainError) await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => {});
    throw cause;
  } finally {
    await file?.close();
  }
}

async function begin({ sdk, client, bucket, key }: Target): Promise<string> {
  const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
  if (UploadId === undefined) throw new Error('the service began an upload without naming it');
  return UploadId;
}

/** The newest unfinished upload of this object with its parts' tags, null when there is none or the service won't tell. */
async function findBegun({ sdk, client, bucket, key }: Target) {
  try {
    const { Uploads = [] } = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
    const newest = Uploads.filter((upload) => upload.Key === key)
      .sort((left, right) => (left.Initiated?.getTime() ?? 0) - (right.Initiated?.getTime() ?? 0))
      .at(-1);
    if (newest?.UploadId === undefined) return null;
    const parts = new Map<number, string>();
    const input = { Bucket: bucket, Key: key, UploadId: newest.UploadId };
    // Some services name a next page after the last one, so that only a growing marker counts.
    for (let marker = 0, isLast = false; !isLast; ) {
      const page = await client.send(new sdk.ListPartsCommand({ ...input, PartNumberMarker: String(marker) }));
      for (const { PartNumber, ETag } of page.Parts ?? []) {
        if (PartNumber !== undefined && ETag !== undefined) parts.set(PartNumber, ETag);
      }
      const next = Number(page.NextPartNumberMarker ?? 0);
      isLast = page.IsTruncated !== true || next <= marker;
      marker = next;
    }
    return { id: newest.UploadId, parts };
  } catch (cause) {
    const { status } = describeS3Failure(cause);
    if (status === 403 || status === 404 || status === 501) return null;
    throw cause;
  }
}

/** How S3 tags a part: the MD5 of its bytes. Where a service tags otherwise, parts are not recognised and sent again. */
function md5Tag(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

async function readSmall({ file, size }: { file: string; size: number }): Promise<Uint8Array> {
  const bytes = await readFile(file);
  if (bytes.length !== size) throw changed(file, bytes.length, size);
  return bytes;
}

async function readPart(source: Source, file: FileHandle | null, start: number, length: number): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source.subarray(start, start + length);
  const body = Buffer.allocUnsafe(length);
  let filled = 0;
  while (file !== null && filled < length) {
    const { bytesRead } = await file.read(body, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  if (filled < length) throw changed(source.file, start + filled, source.size);
  return body;
}

function changed(file: string, seen: number, expected: number): PulltrainError {
  return new PulltrainError('remote-failed', {
    what: 'the file changed while it was read',
    where: file,
    seen: `${seen} bytes`,
    allowed: `${expected} bytes`,
    cure: 'Run the command again when nothing writes to the file.',
  });
}
