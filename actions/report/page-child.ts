import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { config, z } from 'zod';
import { drawChart } from '../../adapters/charts/draw-chart.ts';
import { evaluatedSchema, judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { renderPage } from '../../reports/page/render-page.ts';
import { subjectOfJudgement } from '../../reports/page/subject.ts';

// Each document is parsed once or twice: compiling its parser would take longer than that.
config({ jitless: true });

const requestSchema = z.strictObject({
  judgement: z.string(),
  page: z.string(),
  links: z.strictObject({ train: z.string().optional(), judge: z.string().optional() }),
});

const pictures = new Map<string, Promise<string>>();

/** Every picture once: those of the evaluations are there before the question comes. */
function draw(spec: Parameters<typeof drawChart>[0]): Promise<string> {
  const key = JSON.stringify(spec);
  const drawn = pictures.get(key) ?? drawChart(spec);
  pictures.set(key, drawn);
  return drawn;
}

async function main(): Promise<void> {
  const [, , evaluated = ''] = process.argv;
  // While the other process compares; what is wrong with the evaluations is found out there.
  await drawAhead(evaluated).catch(() => {});
  const question = await text(process.stdin);
  // An end without a question is that of a report that failed.
  if (question === '') return;
  const { judgement, page, links } = requestSchema.parse(JSON.parse(question));
  const subject = subjectOfJudgement(judgementSchema.parse(JSON.parse(await readFile(judgement, 'utf8'))));
  await writeFile(page, await renderPage(subject, links, draw));
}

/** Draws the page of a judgement that has nothing but its evaluations, for the sake of its pictures. */
async function drawAhead(file: string): Promise<void> {
  const evaluated = evaluatedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const { model } = evaluated;
  const subject = subjectOfJudgement({
    kind: 'judgement',
    version: 1,
    model,
    evaluated,
    comparison: null,
    verdict: { kind: 'verdict', version: 1, model, status: 'pass', gates: [] },
    judgedAt: '2000-01-01T00:00:00.000Z',
  });
  await renderPage(subject, {}, draw);
}

void main().catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = 1;
});
