import { type DeploymentRecord, deploymentRecordSchema } from '../../pipelines/contracts/deployment-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';
import { livePath } from '../../pipelines/publication/plan-deployment.ts';

/**
 * The release that an environment serves, as the App has recorded it; null before the first one. GitHub's own log is not
 * asked: whatever workflow may write deployments can add to it. One call. Throws `ledger-corrupt`.
 */
export async function liveRelease(
  ledger: Ledger,
  place: { model: string; environment: string },
): Promise<DeploymentRecord | null> {
  const path = livePath(place);
  const document = await ledger.read(path);
  if (document === null) return null;
  const parsed = deploymentRecordSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new PulltrainError('ledger-corrupt', { what: 'not a deployment record', where: path, cause: parsed.error });
}
