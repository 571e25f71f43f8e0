import type { Comment } from '../github/shapes.ts';
import { ago } from '../html/ago.ts';
import { avatar } from '../html/avatar.ts';
import { type Html, html } from '../html/html.ts';
import { type MarkdownPlace, renderMarkdown } from '../markdown/render-markdown.ts';
import { renderReactions } from './render-reactions.ts';
import { renderUser } from './render-user.ts';

/** A comment as GitHub gives it, or the body of an issue or pull request, which reads the same. */
export type CommentView = { anchor: string; verb: 'commented' | 'opened' } & Pick<
  Comment,
  'user' | 'body' | 'created_at' | 'updated_at' | 'author_association' | 'reactions'
>;

const roles: Record<string, string> = {
  OWNER: 'Owner',
  MEMBER: 'Member',
  COLLABORATOR: 'Collaborator',
  CONTRIBUTOR: 'Contributor',
};

/** A comment, or the description that opens a pull request or issue, with its markdown and reactions. */
export function renderComment(comment: CommentView, place: MarkdownPlace, now: Date): Html {
  const login = comment.user?.login ?? 'ghost';
  const edited =
    comment.updated_at !== undefined && comment.updated_at !== null && comment.updated_at !== comment.created_at;
  const body = (comment.body ?? '').trim();
  return html`<article class="comment" id="${comment.anchor}" aria-label="Comment by ${login}">
<div class="comment-avatar">${avatar(login, 40)}</div>
<div class="comment-box box"><header class="comment-head"><span>${renderUser(login)} <a class="muted" href="#${comment.anchor}">${comment.verb} ${ago(comment.created_at, now)}</a>${edited && html`<span class="muted"> · edited</span>`}</span>
${renderRole(comment.author_association)}</header>
<div class="comment-body">${body === '' ? html`<p class="muted"><em>No description provided.</em></p>` : renderMarkdown(body, place)}
${renderReactions(comment.reactions)}</div></div>
</article>`;
}

function renderRole(association: string | null | undefined): Html | null {
  const role = roles[association ?? ''];
  return role === undefined ? null : html`<span class="pill">${role}</span>`;
}
