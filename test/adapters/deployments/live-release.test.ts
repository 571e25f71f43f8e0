import { expect, test } from 'vitest';
import { liveRelease } from '../../../adapters/deployments/live-release.ts';
import type { DeploymentRecord } from '../../../pipelines/contracts/deployment-record.ts';
import { planDeployment } from '../../../pipelines/publication/plan-deployment.ts';
import { memoryLedger } from '../../fakes/memory-ledger.ts';

const record: DeploymentRecord = {
  kind: 'deployment-record',
  version: 1,
  repository: 'acme/flight-delays',
  environment: 'production eu/1',
  deployment: 7,
  model: 'm',
  release: '1.0.0',
  tag: 'm@v1.0.0',
  sha256: 'a'.repeat(64),
  commit: 'c'.repeat(40),
  outcome: 'success',
  reason: 'm@v1.0.0 serves',
  at: '2026-11-21T11:00:00Z',
};

test('what the App recorded is found again, whatever the environment is called', async () => {
  const ledger = memoryLedger();
  expect(await liveRelease(ledger, record)).toBeNull();
  for (const action of planDeployment({ record, recorded: null, live: null })) {
    if (action.do === 'write-ledger') await ledger.write(action.entries, action.message);
  }
  expect(await liveRelease(ledger, record)).toEqual(record);
  expect(await liveRelease(ledger, { ...record, environment: 'production' })).toBeNull();
});

test('a damaged record is said to be one', async () => {
  const ledger = memoryLedger();
  await ledger.write([{ path: 'live/m/production.json', document: { ...record, outcome: '?' } }], 'x');
  await expect(liveRelease(ledger, { model: 'm', environment: 'production' })).rejects.toMatchObject({
    code: 'ledger-corrupt',
  });
});
