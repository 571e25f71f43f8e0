import { z } from 'zod';
import { renderUser } from '../comments/render-user.ts';
import { type Api, gatherList } from '../github/gather.ts';
import { gatherRepository } from '../github/gather-repository.ts';
import { type Deployment, type DeploymentStatus, deploymentShape, deploymentStatusShape } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { type Html, html } from '../html/html.ts';
import { type IconName, icon } from '../html/icon.ts';
import { safeLink } from '../html/safe-link.ts';
import { shortSha } from '../html/short-sha.ts';
import type { Page } from '../layout/page.ts';
import { repositoryPage } from '../layout/repository-page.ts';

type Deployed = { deployment: Deployment; statuses: DeploymentStatus[] };

const looks: Record<string, { icon: IconName; tone: string; word: string }> = {
  success: { icon: 'checkFilled', tone: 'good', word: 'Active' },
  failure: { icon: 'xFilled', tone: 'bad', word: 'Failed' },
  error: { icon: 'xFilled', tone: 'bad', word: 'Errored' },
  inactive: { icon: 'stop', tone: 'calm', word: 'Inactive' },
  in_progress: { icon: 'spinner', tone: 'busy', word: 'In progress' },
  queued: { icon: 'circle', tone: 'busy', word: 'Queued' },
  pending: { icon: 'circle', tone: 'busy', word: 'Pending' },
};
const done = { icon: 'check' as const, tone: 'good', word: 'Done' };
const waiting = { icon: 'circle' as const, tone: 'busy', word: 'Pending' };
/** Deployments whose statuses are shown; each costs one request. */
const mostShown = 30;

/** What is live in each environment, and every deployment with the history of its statuses. */
export async function showDeployments(
  api: Api,
  { owner, repo }: { owner: string; repo: string },
  now: Date,
): Promise<Page> {
  const view = await gatherRepository(api, owner, repo);
  const repository = view.repository.full_name;
  const path = `/repos/${repository}/deployments`;
  const deployments = await gatherList(api, path, z.array(deploymentShape), (page) => page);
  const deployed = await Promise.all(
    deployments.slice(0, mostShown).map(async (deployment) => ({
      deployment,
      statuses: await gatherList(
        api,
        `${path}/${deployment.id}/statuses`,
        z.array(deploymentStatusShape),
        (page) => page,
      ),
    })),
  );
  const main = html`<h1 class="page-title">Deployments</h1><div id="live-deployments" data-live>${renderDeployments(deployed, repository, now)}</div>`;
  const moving = deployed.some(({ statuses }) => lookOf(statuses[0]).tone === 'busy');
  return repositoryPage(view, { tab: 'deployments', title: 'Deployments', main, moving });
}

function renderDeployments(deployed: readonly Deployed[], repository: string, now: Date): Html {
  if (deployed.length === 0) {
    return html`<div class="box blank"><h2>Nothing deployed yet</h2><p>A release that is rolled out appears here.</p></div>`;
  }
  const environments = [...new Set(deployed.map(({ deployment }) => deployment.environment))];
  const cards = environments.map((name) => {
    const live = deployed.find(
      ({ deployment, statuses }) => deployment.environment === name && statuses[0]?.state === 'success',
    );
    return html`<li class="box environment"><p class="muted">${icon('environment')} ${name}</p>
${live === undefined ? html`<p><strong>Nothing live</strong></p>` : html`<p><strong>${nameOf(live.deployment, repository)}</strong> <span class="pill pill-good">Live</span></p><p class="muted">since ${ago(live.statuses[0]?.created_at, now)}</p>`}</li>`;
  });
  return html`<h2 class="hidden">Live now</h2><ul class="environments">${cards}</ul>
${environments.map(
  (name) =>
    html`<section class="box list" aria-label="History of ${name}"><h2 class="list-head">${name}</h2><ul>${deployed
      .filter(({ deployment }) => deployment.environment === name)
      .map((item) => renderDeployed(item, repository, now))}</ul></section>`,
)}`;
}

function renderDeployed({ deployment, statuses }: Deployed, repository: string, now: Date): Html {
  const look = lookOf(statuses[0]);
  const who = deployment.creator?.login ?? 'ghost';
  return html`<li class="list-row">${icon(look.icon, { tone: look.tone, label: look.word })}<div class="list-main"><span class="list-title">${nameOf(deployment, repository)}</span> <span class="pill pill-${look.tone}">${look.word}</span>
<p class="muted">${deployment.description && html`${deployment.description} · `}deployed by ${renderUser(who)} ${ago(deployment.created_at, now)} from <a class="mono" href="/${repository}/commit/${deployment.sha}">${shortSha(deployment.sha)}</a></p>
${statuses.length > 0 && html`<ol class="history" aria-label="Statuses, newest first">${statuses.map((status, index) => renderStatus(status, index === 0, now))}</ol>`}</div></li>`;
}

function renderStatus(status: DeploymentStatus, newest: boolean, now: Date): Html {
  const look = lookOf(status);
  // What was in progress before something newer is over, and the newer one says how it went on.
  const { tone, word, icon: sign } = newest || look.tone !== 'busy' ? look : done;
  const log = safeLink(status.log_url);
  return html`<li>${icon(sign, { tone })}<span><strong>${word}</strong>${status.description && html` ${status.description}`} <span class="muted">${ago(status.created_at, now)}${log !== null && html` · <a href="${log}">log</a>`}</span></span></li>`;
}

function lookOf(status: DeploymentStatus | undefined) {
  return looks[status?.state ?? ''] ?? waiting;
}

/** A deployment goes by the release it brings, else by its ref. */
function nameOf({ payload, ref }: Deployment, repository: string): Html {
  const tag = z.object({ tag: z.string() }).safeParse(typeof payload === 'string' ? readJson(payload) : payload)
    .data?.tag;
  return tag === undefined
    ? html`<a href="/${repository}/tree/${ref}">${ref}</a>`
    : html`<a href="/${repository}/releases/tag/${encodeURI(tag)}">${tag}</a>`;
}

/** GitHub gives a payload back as it came in: an object, or the text of one. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
