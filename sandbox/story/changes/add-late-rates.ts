import { parseDocument } from 'yaml';
import { PulltrainError } from '../../../pipelines/errors.ts';
import { editParams } from './edit-params.ts';
import { isFeatures } from './is-features.ts';

/** What the stage makes of the snapshot, and training reads in its place. */
const joined = 'out/train.parquet';
/** The parameter that names the flights to learn from, as dvc.yaml writes it. */
const snapshot = `\${data.snapshot}`;

/**
 * Pull request "Add 7-day late rates by airport": the definition of the rates, a stage that joins them to every flight as
 * they were known when it left, and two more features for the model.
 */
export function addLateRates(files: Readonly<Record<string, string>>): Record<string, string> {
  const features = Object.entries(files).filter(([path]) => isFeatures(path));
  return {
    ...Object.fromEntries(features),
    ...editParams(files, (params) => {
      params.addIn(['features'], 'origin_late_rate_7d');
      params.addIn(['features'], 'destination_late_rate_7d');
      params.setIn(['data', 'table'], joined);
    }),
    'dvc.yaml': addStage(
      files['dvc.yaml'],
      features.map(([path]) => path),
    ),
  };
}

function addStage(text: string | undefined, definitions: readonly string[]): string {
  if (text === undefined) throw new PulltrainError('story-broken', { what: 'no dvc.yaml' });
  const pipeline = parseDocument(text);
  pipeline.setIn(['stages', 'train', 'deps', 0], joined);
  pipeline.setIn(
    ['stages', 'features'],
    pipeline.createNode({
      desc: 'Put the late rates behind every flight, as they were known when it left.',
      cmd: `pulltrain features join --service flight_features@v1 --rows ${snapshot} --time date --out ${joined}`,
      deps: [snapshot, ...definitions],
      outs: [joined],
    }),
  );
  return pipeline.toString({ lineWidth: 0 });
}
