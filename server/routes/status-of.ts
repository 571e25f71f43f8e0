import { PulltrainError } from '../../pipelines/errors.ts';

const statuses: Record<string, number> = {
  'request-invalid': 400,
  unauthorized: 401,
  'model-unknown': 404,
  'service-unknown': 404,
  'version-unknown': 404,
  'version-taken': 409,
  'digest-mismatch': 422,
  'model-not-onnx': 422,
  'model-refused': 422,
  'model-output-invalid': 422,
  'background-missing': 422,
  'explanation-refused': 422,
  'explanation-timeout': 503,
  'model-gone': 503,
  'not-ready': 503,
  'store-failed': 503,
  overloaded: 503,
};

/** HTTP status of a fault, after KServe: 400 input, 404 unknown, 503 not ready or overloaded, 500 everything else. */
export function statusOf(fault: unknown): number {
  if (fault instanceof PulltrainError) return statuses[fault.code] ?? 500;
  // Faults of the HTTP layer itself (body too large, not JSON) carry their own status.
  if (fault instanceof Error && 'statusCode' in fault && typeof fault.statusCode === 'number') return fault.statusCode;
  return 500;
}
