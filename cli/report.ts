import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { drawChart } from '../adapters/charts/draw-chart.ts';
import { drawPng } from '../adapters/charts/draw-png.ts';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { standAlone } from '../reports/chart-theme.ts';
import { renderPage } from '../reports/page/render-page.ts';
import { galleries } from '../reports/page/sections/pictures.ts';
import type { Subject } from '../reports/page/subject.ts';
import { formatHelp, parseOptions } from './options.ts';
import { readSubject } from './report/read-subject.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  html: { type: 'string', placeholder: 'FILE', about: 'write the whole report as one page that needs no network' },
  svg: { type: 'string', placeholder: 'DIR', about: 'write every picture as SVG' },
  png: { type: 'string', placeholder: 'DIR', about: 'write every picture as PNG' },
  base: {
    type: 'string',
    placeholder: 'FILE',
    about: 'evaluation of the base, for curves of both; a judgement has it',
  },
} as const;

/** `pulltrain report`: the page that the report action writes, on this machine. */
export const reportVerb: Verb = {
  name: 'report',
  summary: 'write the report of a judgement or an evaluation as a page',
  help: formatHelp({
    usage: 'report JUDGEMENT.json|EVALUATION.json [COMPARISON.json] [options]',
    about:
      'Draws what a judgement, a result of pulltrain evaluate, or that and a result of pulltrain compare hold: curves, calibration, groups, fairness, importance.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: 2 });
  if (values.html === undefined && values.svg === undefined && values.png === undefined) {
    throw new PulltrainError('usage', { what: 'nothing to write', cure: 'Give --html FILE, --svg DIR or --png DIR.' });
  }
  const at = (path: string) => resolve(terminal.directory, path);
  const [file = '', comparison] = positionals.map(at);
  const subject = await readSubject({
    file,
    comparison,
    base: values.base === undefined ? undefined : at(values.base),
  });
  const written = [
    ...(values.html === undefined ? [] : [await writePage(subject, at(values.html))]),
    ...(await writePictures(subject, {
      svg: values.svg === undefined ? null : at(values.svg),
      png: values.png === undefined ? null : at(values.png),
    })),
  ];
  terminal.answer({ model: subject.model, written }, written.map((path) => `Wrote ${path}`).join('\n'));
  return 0;
}

async function writePage(subject: Subject, file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomically(file, await renderPage(subject, {}, drawChart));
  return file;
}

/** Every picture is drawn once, whatever it is written as. */
async function writePictures(
  subject: Subject,
  { svg, png }: { svg: string | null; png: string | null },
): Promise<string[]> {
  const written: string[] = [];
  for (const folder of [svg, png]) if (folder !== null) await mkdir(folder, { recursive: true });
  if (svg === null && png === null) return written;
  for (const { id, spec } of galleries(subject).flatMap(({ pictures }) => pictures)) {
    const drawn = standAlone(await drawChart(spec));
    if (svg !== null) {
      await writeFileAtomically(join(svg, `${id}.svg`), drawn);
      written.push(join(svg, `${id}.svg`));
    }
    if (png !== null) {
      await writeFile(join(png, `${id}.png`), await drawPng(drawn));
      written.push(join(png, `${id}.png`));
    }
  }
  return written;
}
