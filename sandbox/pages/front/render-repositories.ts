import type { Repository } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { type Html, html } from '../html/html.ts';
import { icon } from '../html/icon.ts';

export function renderRepositories(repositories: readonly Repository[], now: Date): Html {
  if (repositories.length === 0) return html`<p class="blank">No repositories yet.</p>`;
  return html`<ul>${repositories.map(
    (
      repository,
    ) => html`<li class="list-row">${icon('repository', { tone: 'calm' })}<div class="list-main"><a class="list-title" href="/${repository.full_name}">${repository.full_name}</a> <span class="pill">${repository.private ? 'Private' : 'Public'}</span>
<p class="muted">${repository.description ?? ''}${repository.pushed_at && html` · updated ${ago(repository.pushed_at, now)}`}</p></div></li>`,
  )}</ul>`;
}
