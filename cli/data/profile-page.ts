import { drawChart } from '../../adapters/charts/draw-chart.ts';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import type { ProfileSummary } from '../../pipelines/contracts/profile-summary.ts';
import { renderProfilePage } from '../../reports/profile/render-profile-page.ts';

/** Writes the page of a profile. */
export async function writePage(summary: ProfileSummary, file: string): Promise<void> {
  await writeFileAtomically(file, await renderProfilePage(summary, drawChart));
}
