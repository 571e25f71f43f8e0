import { expect, it } from 'vitest';
import { parseConfig } from '../../../pipelines/config/parse-config.ts';
import { policyChanges } from '../../../pipelines/config/policy-changes.ts';

const text = `version: 1
models:
  flight-delay:
    task: binary
    output: out/model.onnx
    holdout: { data: data/holdout.parquet, target: late, time: date, window: { newest: month } }
    metrics: { primary: roc_auc }
    gates: [{ metric: roc_auc, noninferior: 0.002 }]
`;
const base = parseConfig(text, 'pulltrain.yml');
const changes = (head: string | null) => policyChanges(base, head, 'flight-delay', 'pulltrain.yml');

it('is empty for a text that says the same in another way', () => {
  expect(
    changes(
      `# a comment\n${text.replace('[{ metric: roc_auc, noninferior: 0.002 }]', '[{ noninferior: 2e-3, metric: roc_auc }]')}`,
    ),
  ).toEqual([]);
  expect(changes(`${text}    threshold: 0.5\n`)).toEqual([]);
});

it('names each key that a pull request edits', () => {
  const head = text.replace('0.002', '0.9').replace('newest: month', 'newest: 3d').concat('    threshold: 0.9\n');
  expect(changes(head)).toEqual(['gates', 'holdout.window.newest', 'threshold']);
});

it('names what decides which pipeline makes the model, and what is served', () => {
  const head = text
    .replace('out/model.onnx', 'out/other.onnx')
    .concat('    pipeline: other/dvc.yaml\n    serve: { log: [date] }\n');
  expect(changes(head)).toEqual(['pipeline', 'output', 'serve.log']);
});

it('names rules that are dropped', () => {
  expect(changes(text.replace(', window: { newest: month }', ''))).toEqual(['holdout.window']);
});

it('ignores what is no policy', () => {
  expect(changes(`${text}    timeout: 5m\n`)).toEqual([]);
});

it('says when the file cannot be read as policy', () => {
  expect(changes(null)).toEqual(['pulltrain.yml is removed']);
  expect(changes('version: 1')).toEqual(['pulltrain.yml does not parse']);
  expect(changes(text.replace('flight-delay', 'other'))).toEqual(['models.flight-delay is removed']);
});
