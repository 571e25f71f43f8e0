import { stateIcon, stateOf } from '../checks/state-badge.ts';
import { renderUser } from '../comments/render-user.ts';
import { type Api, gatherMaybe } from '../github/gather.ts';
import { type Artifact, fileShape, type Job } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { byteSize } from '../html/byte-size.ts';
import { duration } from '../html/duration.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';
import { shortSha } from '../html/short-sha.ts';
import type { Page } from '../layout/page.ts';
import { decodeContent } from '../repository/decode-content.ts';
import { explainWaiting } from './explain-waiting.ts';
import { readSummary, type WatchJob } from './gather-log.ts';
import { gatherRun, type RunView } from './gather-run.ts';
import { type JobNode, jobColumns } from './job-columns.ts';
import { isReadable } from './read-artifact.ts';
import { type FileJob, readNeeds } from './read-needs.ts';
import { renderSummary } from './render-summary.ts';
import { runPage } from './run-page.ts';

/** The summary of one workflow run: facts, job graph, job summaries, artifacts. */
export async function showRun(
  api: Api,
  watch: WatchJob,
  { owner, repo, id }: { owner: string; repo: string; id: string },
  now: Date,
): Promise<Page> {
  const shown = await gatherRun(api, owner, repo, id);
  const file = await gatherFileJobs(api, shown);
  const waiting = shown.jobs.flatMap((job) => {
    const reason = job.status === 'queued' ? explainWaiting(job, shown.runners) : null;
    return reason === null ? [] : [html`<div><strong>${job.name}</strong> ${reason}</div>`];
  });
  const content = html`<div id="live-summary" data-live>${renderFacts(shown, now)}
<section class="box graph" aria-label="Jobs"><h2 class="graph-title">${shown.run.path?.split('/').at(-1)?.split('@')[0] ?? 'Workflow'}</h2><p class="muted graph-note">on: ${shown.run.event}</p>
<div class="graph-columns">${jobColumns(shown.jobs, file).map((column) => html`<ul>${column.map((node) => renderNode(node, shown.repository, now))}</ul>`)}</div>
${waiting}</section>
${renderArtifacts(shown.artifacts, `/${owner}/${repo}/actions/runs/${id}`, now)}${shown.jobs.map((job) => summaryOf(watch, job, shown.repository))}</div>`;
  return runPage(shown, null, content, now);
}

function summaryOf(watch: WatchJob, job: Job, repository: string): Html | null {
  const text = readSummary(watch, job.id);
  return text === null ? null : renderSummary(job, text, repository);
}

/** The workflow file as the run saw it tells which job needs which. */
async function gatherFileJobs(api: Api, { repository, run }: RunView): Promise<FileJob[]> {
  const path = run.path?.split('@')[0];
  if (path === undefined) return [];
  const address = `/repos/${repository}/contents/${encodeURI(path)}?ref=${run.head_sha}`;
  const file = await gatherMaybe(api, address, fileShape);
  return file === null ? [] : readNeeds(decodeContent(file).toString('utf8'));
}

function renderFacts({ run, repository, artifacts }: RunView, now: Date): Html {
  const state = stateOf(run.status, run.conclusion);
  const actor = run.triggering_actor?.login ?? run.actor?.login ?? 'ghost';
  const end = run.status === 'completed' ? run.updated_at : null;
  const facts: readonly [string, Html][] = [
    [`Triggered via ${run.event.replaceAll('_', ' ')} `, html`${renderUser(actor)} · ${ago(run.created_at, now)}`],
    [
      'Commit',
      html`<a class="mono" href="/${repository}/commit/${run.head_sha}">${shortSha(run.head_sha)}</a> ${run.head_branch && html`<a class="ref" href="/${repository}/tree/${run.head_branch}">${run.head_branch}</a>`}`,
    ],
    ['Status', html`<strong>${state.word}</strong>`],
    ['Total duration', html`<strong>${duration(run.run_started_at ?? run.created_at, end, now) || '–'}</strong>`],
    ['Artifacts', html`<strong>${artifacts.length === 0 ? '–' : artifacts.length}</strong>`],
  ];
  return html`<dl class="box run-facts">${facts.map(([name, value]) => html`<div><dt class="muted">${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function renderNode({ name, job }: JobNode, repository: string, now: Date): Html {
  if (job === null)
    return html`<li><span class="node muted">${icon('circle', { label: 'Not started' })}<span>${name}</span></span></li>`;
  const took = job.status === 'queued' ? '' : duration(job.started_at, job.completed_at, now);
  return html`<li><a class="node" href="/${repository}/actions/runs/${job.run_id}/job/${job.id}">${stateIcon(stateOf(job.status, job.conclusion))}<span>${name}</span><span class="muted took">${took}</span></a></li>`;
}

/** What a browser can show is a link. */
function artifactName({ id, name }: Artifact, address: string): Html {
  return isReadable(name) ? html`<a href="${address}/artifacts/${id}">${name}</a>` : html`${name}`;
}

function renderArtifacts(artifacts: readonly Artifact[], address: string, now: Date): Html | null {
  if (artifacts.length === 0) return null;
  const rows = artifacts.map(
    (artifact) =>
      html`<tr><th scope="row">${icon('package', { tone: 'calm' })} ${artifactName(artifact, address)}${artifact.expired && html` <span class="pill">Expired</span>`}</th><td>${byteSize(artifact.size_in_bytes)}</td><td class="mono digest">${artifact.digest ?? '–'}</td><td>${ago(artifact.created_at, now)}</td></tr>`,
  );
  return html`<section class="box"><h2 class="list-head">Artifacts</h2><div class="scroll" tabindex="0" role="region" aria-label="Artifacts"><table class="facts"><thead><tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">Digest</th><th scope="col">Uploaded</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
