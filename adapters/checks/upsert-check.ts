import type { CheckAnnotation, CheckResult } from '../../pipelines/publication/planned-action.ts';
import type { GitHub } from '../github/client.ts';
import type { Author, Place } from '../github/is-written-by.ts';

export type CheckName = { name: string; headSha: string };

/** Shows that work is under way, unless a check of ours is already there in whatever state. */
export async function beginCheck(
  github: GitHub,
  place: Place,
  { name, headSha }: CheckName,
  output: { title: string; summary: string },
  author: Author,
): Promise<void> {
  if ((await findCheck(github, place, { name, headSha }, author)) !== null) return;
  await github.rest.checks.create({
    ...place,
    name,
    head_sha: headSha,
    status: 'in_progress',
    output,
    request: { retries: 0 },
  });
}

/** Ends our check on a commit; an ended one gets the newer result. */
export async function completeCheck(
  github: GitHub,
  place: Place,
  { name, headSha }: CheckName,
  result: CheckResult,
  author: Author,
): Promise<void> {
  const own = await findCheck(github, place, { name, headSha }, author);
  // GitHub adds annotations to those that are there: what an ended check has stays what it said.
  const annotations = own?.status === 'completed' ? [] : (result.annotations ?? []).map(annotate);
  const body = {
    ...place,
    status: 'completed' as const,
    conclusion: result.conclusion,
    output: {
      title: result.title,
      summary: result.summary,
      ...(result.text === null ? {} : { text: result.text }),
      ...(annotations.length === 0 ? {} : { annotations }),
    },
    ...(result.detailsUrl === null ? {} : { details_url: result.detailsUrl }),
    ...(result.externalId === null ? {} : { external_id: result.externalId }),
  };
  if (own === null) {
    await github.rest.checks.create({ ...body, name, head_sha: headSha, request: { retries: 0 } });
  } else if (
    own.status !== 'completed' ||
    own.external_id !== result.externalId ||
    own.conclusion !== result.conclusion
  ) {
    await github.rest.checks.update({ ...body, check_run_id: own.id });
  }
}

function annotate({ path, line, level, title, message }: CheckAnnotation) {
  return { path, start_line: line, end_line: line, annotation_level: level, title, message };
}

async function findCheck(github: GitHub, place: Place, { name, headSha }: CheckName, { appId }: Author) {
  const { data } = await github.rest.checks.listForRef({
    ...place,
    ref: headSha,
    check_name: name,
    filter: 'latest',
    per_page: 100,
  });
  return data.check_runs.find((run) => run.app?.id === appId) ?? null;
}
