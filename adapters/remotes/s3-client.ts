import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { Environment } from './open-remote.ts';

/** A place in a bucket. What is left out comes from the AWS_* environment, then from where the AWS tools look. */
export type S3Place = {
  bucket: string;
  /** Without slashes at its ends; may be empty. */
  prefix: string;
  endpoint?: string;
  region?: string;
  profile?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Sends requests without a signature, for public buckets. */
  anonymous?: boolean;
};

/** The client and the module it came from, which is large and loaded on first use only. */
export async function openS3Client(place: S3Place, environment: Environment) {
  const sdk = await import('@aws-sdk/client-s3');
  const client: S3Client = new sdk.S3Client(clientConfig(place, environment));
  return { sdk, client };
}

export function clientConfig(place: S3Place, environment: Environment): S3ClientConfig {
  const named = (name: string) => (environment[name] === '' ? undefined : environment[name]);
  const endpoint = place.endpoint ?? named('AWS_ENDPOINT_URL_S3') ?? named('AWS_ENDPOINT_URL');
  const profile = place.profile ?? named('AWS_PROFILE');
  // Services that are not Amazon's rarely look at the region, yet it is part of every signature.
  const region =
    place.region ?? named('AWS_REGION') ?? named('AWS_DEFAULT_REGION') ?? (endpoint ? 'us-east-1' : undefined);
  const credentials = place.credentials ?? (place.profile === undefined ? credentialsOf(named) : undefined);
  return {
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(place.anonymous === true ? { signer: { sign: async (request) => request } } : {}),
    followRegionRedirects: true,
    maxAttempts: 5,
    // Newer checksums are unknown to many compatible services; ours are the names of the objects.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 10_000,
      socketTimeout: 60_000,
      httpAgent: { maxSockets: 64 },
      httpsAgent: { maxSockets: 64 },
    },
  };
}

function credentialsOf(named: (name: string) => string | undefined) {
  const accessKeyId = named('AWS_ACCESS_KEY_ID');
  const secretAccessKey = named('AWS_SECRET_ACCESS_KEY');
  const sessionToken = named('AWS_SESSION_TOKEN');
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
