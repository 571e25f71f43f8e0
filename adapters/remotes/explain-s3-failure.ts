import { PulltrainError } from '../../pipelines/errors.ts';

const signIn =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN where there is one), or AWS_PROFILE.';
const reach = 'Check AWS_ENDPOINT_URL and the network, then run the command again: what has arrived stays.';

/** What to do, by the service's or the client's own name of the fault. */
const cures: Record<string, string> = {
  AccessDenied:
    'Check that these are the keys meant for it, and that they have s3:GetObject, s3:PutObject and s3:ListBucket (without the last one, S3 answers so for objects that do not exist).',
  CredentialsProviderError: signIn,
  InvalidAccessKeyId: signIn,
  // So says versitygw.
  XAdminUserNotFound: signIn,
  SignatureDoesNotMatch: 'The secret key does not belong to the access key, or the endpoint expects another region.',
  ExpiredToken: 'Sign in again: the session token is no longer valid.',
  ExpiredTokenException: 'Sign in again: the session token is no longer valid.',
  TokenProviderError: 'Sign in again (aws sso login).',
  RequestTimeTooSkewed: 'Set the clock of this machine.',
  NoSuchBucket: 'Create the bucket, or correct its name.',
  PermanentRedirect: 'The bucket lies in another region: set AWS_REGION.',
  AuthorizationHeaderMalformed: 'The bucket lies in another region: set AWS_REGION.',
  QuotaExceeded: 'The bucket is full.',
  ECONNREFUSED: reach,
  ENOTFOUND: reach,
  ETIMEDOUT: reach,
  ECONNRESET: reach,
  TimeoutError: reach,
};

/** The fault of a service as ours. Of what the client threw only names are kept, because requests carry signatures. */
export function explainS3Failure(cause: unknown, what: string, where: string): PulltrainError {
  if (cause instanceof PulltrainError) return cause;
  const { name, status, message } = describeS3Failure(cause);
  const isDenied = status === 403 && cures[name] === undefined;
  const noRegion = message === 'Region is missing' ? 'Set AWS_REGION.' : undefined;
  const cure = noRegion ?? cures[isDenied ? 'AccessDenied' : name];
  return new PulltrainError('remote-failed', {
    what,
    where,
    seen: status === undefined ? `${name}: ${message}` : `HTTP ${status}, ${name}`,
    ...(cure === undefined ? {} : { cure }),
  });
}

/** Name, HTTP status and text of what the AWS client threw. */
export function describeS3Failure(cause: unknown): { name: string; status: number | undefined; message: string } {
  if (!(cause instanceof Error)) return { name: 'unknown', status: undefined, message: String(cause) };
  const metadata = '$metadata' in cause ? cause.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return {
    name: code ?? cause.name,
    status: typeof status === 'number' ? status : undefined,
    message: cause.message,
  };
}
