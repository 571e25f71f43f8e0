import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftReportSchema } from '../../../pipelines/contracts/drift-report.ts';
import { type DriftState, formatDriftState, parseDriftState } from '../../../pipelines/monitoring/drift-state.ts';
import { parseEpisodeMarker } from '../../../pipelines/monitoring/episode-marker.ts';
import { renderDriftIssue } from '../../../reports/render-drift-issue.ts';

describe('the state at the end of a drift issue', () => {
  it('is read back, whatever the columns are called', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (failing, text) => {
        const state: DriftState = { checkedAt: '2026-11-21T00:00:00Z', state: 'drifting', failing };
        const line = formatDriftState(state);
        expect(line.indexOf('-->')).toBe(line.length - 3);
        expect(parseDriftState(`${text}\n\n${line}\n`)).toEqual(state);
      }),
    );
  });

  it.each(['', 'text', '<!-- pulltrain:drift-state e30= -->', '<!-- pulltrain:drift-state !! -->'])(
    'is not seen in %j',
    (body) => {
      expect(parseDriftState(body)).toBeNull();
    },
  );
});

describe('the first line of a drift issue', () => {
  it('as it is rendered names its episode', () => {
    const report = driftReportSchema.parse({
      kind: 'drift-report',
      version: 1,
      repository: 'acme/late',
      model: 'late',
      environment: 'production',
      release: '1.1.0',
      tag: 'late@v1.1.0',
      window: null,
      rows: 0,
      labelled: 0,
      status: 'inconclusive',
      findings: [],
      checkedAt: '2026-11-21T00:00:00Z',
    });
    expect(parseEpisodeMarker(renderDriftIssue(report).body)).toEqual({
      model: 'late',
      environment: 'production',
      release: '1.1.0',
    });
  });

  it.each([
    'drift',
    '<!-- pulltrain:episode model=Late environment=production release=1.1.0 -->',
    '<!-- pulltrain:episode model=late environment=production release=1.1 -->',
    '\n<!-- pulltrain:episode model=late environment=production release=1.1.0 -->',
  ])('is not seen in %j', (body) => {
    expect(parseEpisodeMarker(body)).toBeNull();
  });
});
