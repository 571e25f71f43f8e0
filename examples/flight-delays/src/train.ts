// Trains the flight-delay model: params.yaml and one snapshot in, out/model.onnx and out/metrics.json out.
import { appendFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { binColumns } from './bin-columns.ts';
import { boost } from './boost.ts';
import { exportOnnx } from './export-onnx.ts';
import { readParams } from './read-params.ts';
import { readTable } from './read-table.ts';
import { rocAuc } from './roc-auc.ts';
import { scoreRows } from './score-rows.ts';

/** Bins per feature: fine enough for a late rate, coarse enough to count quickly. */
const maxBins = 255;

try {
  await train();
} catch (thrown) {
  // The message first: it is what the run's log is read for.
  console.error(thrown);
  process.exitCode = 1;
}

async function train(): Promise<void> {
  const params = await readParams('params.yaml');
  const table = await readTable(params);
  const trainRows = table.labels.length - table.validationRows;
  console.log(
    `${params.table}, ${params.from} to ${params.to}: ${trainRows} rows to learn from, ${table.validationRows} to measure`,
  );

  const binned = binColumns(table.columns, maxBins);
  let loss = Number.NaN;
  const forest = boost(binned, table.labels.subarray(0, trainRows), params.boost, (round, current) => {
    loss = current;
    report(round, loss);
    if (round === 1 || round % 10 === 0) console.log(`round ${round}/${params.boost.trees} loss ${loss.toFixed(4)}`);
  });

  const auc = rocAuc(table.labels.subarray(trainRows), scoreRows(forest, table.columns, trainRows));
  console.log(`area under the ROC curve on the last ${params.validationDays} days: ${auc.toFixed(4)}`);

  const metrics = {
    train_log_loss: loss,
    // Left out when the last days are all late or all in time.
    ...(Number.isNaN(auc) ? {} : { validation_roc_auc: auc }),
    train_rows: trainRows,
    validation_rows: table.validationRows,
  };
  await mkdir('out', { recursive: true });
  await writeFile('out/model.onnx', await exportOnnx(forest, params.features));
  await writeFile('out/metrics.json', `${JSON.stringify(metrics, null, 2)}\n`);
}

/** Says how it goes on to whoever runs the stage: a line of JSON in the file that PULLTRAIN_PROGRESS names. */
function report(step: number, loss: number): void {
  const file = process.env.PULLTRAIN_PROGRESS;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ step, metrics: { train_log_loss: loss } })}\n`);
}
