import { compareEvaluations } from '../../pipelines/comparison/compare-evaluations.ts';
import { type Gate, gateSchema } from '../../pipelines/config/gate-schema.ts';
import { type Judgement, judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { binaryRows } from '../../pipelines/evaluation/judged-rows.ts';
import { measureRows } from '../../pipelines/evaluation/measure-rows.ts';
import { applyGates } from '../../pipelines/gates/apply-gates.ts';
import { integrityOf } from '../../pipelines/integrity.ts';
import { drawPredictions, evaluationOf, pairedRows } from '../pipelines/comparison/predictions.ts';

const gates: Gate[] = [
  { metric: 'roc_auc', noninferior: 0.002 },
  { metric: 'ece', max: 0.05 },
  { fairness: 'tpr_gap', by: 'region', max: 0.1, min_group: 100 },
  { cost: 'latency_p95_ms', max: 5 },
].map((gate) => gateSchema.parse(gate));

const drawn = drawPredictions({ rows: 3000 });
const names = ['roc_auc', 'log_loss', 'ece'] as const;
const before = evaluationOf(drawn.labels, drawn.base, names);
const after = evaluationOf(drawn.labels, drawn.head, names);

type Case = { swap: boolean; base: boolean; problem: boolean };
const placeholder = 'PLACEHOLDER';
const templates = new Map<string, Judgement>();

/** A judgement of drawn predictions in which `text` stands wherever a stranger may write. */
export function judgementWith({ text = 'plain', swap = false, base = true, problem = false } = {}): Judgement {
  const key = JSON.stringify({ swap, base, problem });
  const template = templates.get(key) ?? buildTemplate({ swap, base, problem });
  templates.set(key, template);
  return judgementSchema.parse(withText(template, text));
}

function withText(value: unknown, text: string): unknown {
  if (typeof value === 'string') return value.replaceAll(placeholder, () => text);
  if (Array.isArray(value)) return value.map((item) => withText(item, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.replaceAll(placeholder, () => text), withText(item, text)]),
  );
}

function buildTemplate({ swap, base, problem }: Case): Judgement {
  const text = placeholder;
  const [worse, better] = swap ? [after, before] : [before, after];
  const scores = swap ? { base: drawn.head, head: drawn.base } : { base: drawn.base, head: drawn.head };
  const columns = drawn.groups.map((column) => ({ ...column, names: column.names.map((name) => `${name} ${text}`) }));
  const head = {
    ...better,
    groups: measureRows([], binaryRows(drawn.labels, scores.head, { threshold: 0.5 }), {
      by: columns,
      search: { columns: [], step: 1 },
    }).groups,
    inputs: [{ name: text, type: 'float32' }],
    holdout: { ...better.holdout, data: 'data/holdout.parquet', rule: `newest month ${text}` },
  };
  const compared = compareEvaluations(
    { base: base ? worse : null, head },
    pairedRows({ labels: drawn.labels, base: base ? scores.base : null, head: scores.head, groups: columns }),
    { gates, protected: ['region'] },
  );
  const problems = problem ? [{ code: 'key-mismatch', message: `the key differs ${text}` }] : [];
  return judgementSchema.parse({
    kind: 'judgement',
    version: 1,
    model: 'flight-delay',
    evaluated: {
      kind: 'evaluated',
      version: 1,
      model: 'flight-delay',
      change: {
        kind: 'change',
        version: 1,
        repository: 'acme/flight-delays',
        pull: 2,
        title: text,
        author: text,
        headSha: '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432',
        headRef: text,
        baseSha: '1f8e7d6c5b4a39281706f5e4d3c2b1a098765432',
        baseRef: 'main',
      },
      policyCommit: '1f8e7d6c5b4a39281706f5e4d3c2b1a098765432',
      key: integrityOf('key'),
      run: {
        kind: 'run-record',
        version: 1,
        model: 'flight-delay',
        key: integrityOf('key'),
        status: 'failed',
        failure: { code: 'stage-failed', stage: text, message: `exit 1\n${text}\nlast line` },
        code: { sha: '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432', clean: true },
        stages: [{ name: text, command: text, key: integrityOf('stage'), status: 'ran', exitCode: 0, seconds: 12.3 }],
        parameters: {},
        sources: [],
        modelFile: null,
        reportedMetrics: { [text]: 0.5 },
        environment: { os: text, arch: text, node: text, gpu: text },
        startedAt: '2026-11-21T01:00:00Z',
        finishedAt: '2026-11-21T01:02:00Z',
      },
      artifact: { runId: 12, name: 'pulltrain-run' },
      base: base
        ? {
            rung: 'release',
            tag: 'flight-delay@v1.0.0',
            commit: 'abcdef0123456789abcdef0123456789abcdef01',
            sha256: 'b'.repeat(64),
          }
        : { rung: 'none', tag: null, commit: null, sha256: null },
      baseEvaluation: base ? worse : null,
      headEvaluation: head,
      policyChanges: [text],
      parameterChanges: [
        { name: text, base: null, head: text },
        { name: 'train.trees', base: 100, head: [text] },
      ],
      dataDiffs: [
        {
          base: { path: text, rows: 1000 },
          head: { path: `${text}-2`, rows: 1500 },
          columns: {
            added: [{ name: text, type: text }],
            removed: [{ name: text, type: text }],
            retyped: [{ name: text, base: text, head: text }],
          },
          rows: { added: { count: 600, error: 40 }, removed: { count: 0, error: 40 }, columns: 3 },
          shifts: [
            { name: text, kind: 'number', distance: 0.3, noise: 0.01, missing: [0, 0.2], middle: [1, 2.5] },
            { name: 'calm', kind: 'text', distance: 0.01, noise: 0.02, missing: [0, 0], middle: [null, null] },
          ],
          sampled: [1000, 1000],
          label: {
            column: text,
            values: [
              { value: text, base: 400, head: 500 },
              { value: null, base: 0, head: 2 },
            ],
          },
        },
      ],
      featureChanges: [
        { service: text, view: text, base: null, head: integrityOf('new') },
        { service: 'ride@v1', view: text, base: integrityOf('old'), head: null },
      ],
      dataChanges: [
        {
          path: text,
          base: integrityOf('old'),
          head: integrityOf('new'),
          baseRows: 1000,
          headRows: 2204,
          columnsAdded: [text],
          columnsRemoved: [],
        },
      ],
      problems,
    },
    comparison: compared,
    verdict: applyGates('flight-delay', { gates, strict: false }, { comparison: compared, evaluation: head, problems }),
    judgedAt: '2026-11-21T01:05:00Z',
  });
}

/** Text that tries every way out of its place. */
export const hostileTexts = [
  '@maya @acme/team please',
  'fixes #1, GH-2 and acme/other#3',
  '</details></summary><script>alert(1)</script>',
  '<!-- pulltrain:report model=other -->',
  '![x](https://evil.example/a.png) [y](https://evil.example)',
  'https://evil.example www.evil.example mailto:a@evil.example a@evil.example',
  '| a | b |\n|---|---|\n| c | d |',
  '`code` ``` ~~~',
  '```\n# heading\n- item\n> quote',
  '1. one',
  '- dash',
  '+ plus',
  '# heading',
  '=====',
  '-----',
  '> quote',
  '**bold** _em_ ~~gone~~ $x^2$ $$y$$',
  '[ref]: https://evil.example',
  '[^1]: note [^1]',
  '\u202Egnp.exe\u200b\u0000\u0007',
  '&lt;b&gt; &#60;b&#62; <b>',
  '\\| \\` \\<b>',
  '- [ ] task',
  '    indented code',
  'http\u200b://evil.example',
  '<https://evil.example>',
  '\ud800 lone',
];
