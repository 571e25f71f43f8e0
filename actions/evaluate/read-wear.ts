import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { LedgerReader } from '../../pipelines/ports/ledger.ts';
import { assessWear } from '../../pipelines/wear/assess-wear.ts';
import { countUses, usesFolder } from '../../pipelines/wear/use-path.ts';

/** How often the rows that judged the candidate had judged others before, by the ledger; null when nothing was judged. */
export async function readWear(
  { head, holdout }: { head: Evaluation | null; holdout: ModelConfig['holdout'] },
  ledger: LedgerReader,
): Promise<ReturnType<typeof assessWear> | null> {
  if (head === null) return null;
  const paths = await ledger.list(usesFolder(head.holdout.integrity));
  return assessWear(countUses(paths, head.predictions.integrity), holdout);
}
