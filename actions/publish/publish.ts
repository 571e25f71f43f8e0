import { createHash } from 'node:crypto';
import type { GitHub } from '../../adapters/github/client.ts';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { findReleased } from '../../adapters/releases/find-released.ts';
import { listReleaseTags } from '../../adapters/releases/list-release-tags.ts';
import { publishRelease } from '../../adapters/releases/publish-release.ts';
import type { FeaturePin } from '../../pipelines/contracts/feature-pin.ts';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import type { ModelManifest } from '../../pipelines/contracts/model-manifest.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import { makeManifest, type ReleaseFile } from '../../pipelines/registry/make-manifest.ts';
import { planRelease } from '../../pipelines/registry/plan-release.ts';
import { releaseMarker } from '../../pipelines/registry/release-marker.ts';
import { type CardExtras, renderCard } from '../../reports/render-card.ts';
import { isMerged } from '../is-merged.ts';
import { type Content, fetchContents } from './fetch-contents.ts';
import { readEvidence } from './read-evidence.ts';

export type PublishRequest = {
  owner: string;
  repo: string;
  model: string;
  /** Key of the run that the default branch stands for. */
  key: string;
  /** Commit of the default branch. */
  commit: string;
  /** Features that the pipeline of that commit trains on. */
  features: readonly FeaturePin[];
  /** What people wrote for the card, and the address of the repository for its links. */
  card?: CardExtras;
  /** Folder for downloads. */
  temporary: string;
};

export type PublishPorts = { github: GitHub; clock: Clock; say(line: string): void };

export type Published =
  | { outcome: 'published' | 'released-already'; manifest: ModelManifest }
  | { outcome: 'nothing-judged' };

/**
 * Releases what stands on the default branch:
 *
 * 1. find the merged run of this key in the ledger, its judgement, and a release that holds it already
 * 2. plan: nothing judged, released already, or a new version
 * 3. fetch the judged bytes and compare them with the digest that was judged
 * 4. write manifest and model card
 * 5. draft, upload, verify, publish once
 */
export async function publish(request: PublishRequest, { github, clock, say }: PublishPorts): Promise<Published> {
  const { owner, repo, model, key, commit, features } = request;
  const subject = { owner, repo, model, key };
  const [evidence, tags] = await Promise.all([
    readEvidence(openLedger(github, subject), subject, ({ pull, headSha }) =>
      isMerged(github, { owner, repo, pull, headSha }),
    ),
    listReleaseTags(github, subject),
  ]);
  const existing = await findReleased(github, subject, evidence.judged);
  const plan = planRelease({ model, key, existing, tags: tags.map(({ tag }) => tag), ...evidence });
  if (plan.decision === 'nothing-judged') return { outcome: plan.decision };
  if (plan.decision === 'released-already') return { outcome: plan.decision, manifest: plan.manifest };
  say(`${plan.tag}: judged ${plan.entry.status} in #${plan.entry.pull}, model sha256 ${plan.entry.sha256}`);

  const judged = await fetchContents(request, plan, github);
  const made = { commit, publishedAt: clock.now().toISOString(), features };
  const card = cardOf(makeManifest(plan, judged.map(describe), made), plan.judgement, request.card);
  const contents = [...judged, card];
  const manifest = makeManifest(plan, contents.map(describe), made);
  const { url } = await publishRelease(github, {
    owner,
    repo,
    tag: plan.tag,
    commit,
    name: plan.tag,
    notes: `${releaseMarker(key)}\n${withoutMetadata(card.content.toString('utf8'))}`,
    files: [...contents, { name: 'manifest.json', type: 'application/json', content: print(manifest) }],
    latest: true,
  });
  say(`Published ${url}`);
  return { outcome: 'published', manifest };
}

function cardOf(manifest: ModelManifest, judgement: Judgement, extras: CardExtras | undefined): Content {
  const content = Buffer.from(renderCard(manifest, judgement, extras));
  return { name: 'README.md', role: 'card', type: 'text/markdown', content };
}

/** The card as release notes: GitHub shows the YAML header of a file as a table, and that of notes as text. */
function withoutMetadata(card: string): string {
  return card.replace(/^---\n[\s\S]*?\n---\n/, '').trimStart();
}

function describe({ name, role, content }: Content): ReleaseFile {
  return { name, role, sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
}

function print(document: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}
