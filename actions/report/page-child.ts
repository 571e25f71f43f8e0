import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { drawChart } from '../../adapters/charts/draw-chart.ts';
import { judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { renderPage } from '../../reports/page/render-page.ts';
import { subjectOfJudgement } from '../../reports/page/subject.ts';

const requestSchema = z.strictObject({
  judgement: z.string(),
  page: z.string(),
  links: z.strictObject({ train: z.string().optional(), judge: z.string().optional() }),
});

/** The smallest picture; drawing it loads all that drawing needs. */
const warmUp = { data: { values: [{}] }, mark: 'point', encoding: {} };

async function main(): Promise<void> {
  // Loading is done before the question comes; an end without a question is that of a report that failed.
  await drawChart(warmUp);
  const question = await text(process.stdin);
  if (question === '') return;
  const { judgement, page, links } = requestSchema.parse(JSON.parse(question));
  const subject = subjectOfJudgement(judgementSchema.parse(JSON.parse(await readFile(judgement, 'utf8'))));
  await writeFile(page, await renderPage(subject, links, drawChart));
}

void main().catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = 1;
});
