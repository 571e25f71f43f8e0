import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadArtifact } from '../../adapters/artifacts/download-artifact.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { openRelease } from '../../adapters/releases/download-asset.ts';
import { listReleaseTags } from '../../adapters/releases/list-release-tags.ts';
import { type BaseChoice, judgementSchema, type RunEntry } from '../../pipelines/contracts/judgement.ts';
import { quarantineSchema } from '../../pipelines/contracts/quarantine.ts';
import type { Source } from '../../pipelines/contracts/run-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityOfDocument } from '../../pipelines/integrity.ts';
import type { LedgerReader } from '../../pipelines/ports/ledger.ts';
import { pickBase } from '../../pipelines/registry/pick-base.ts';
import type { TaggedCommit } from '../../pipelines/registry/pick-base-release.ts';
import { preferTags } from '../../pipelines/registry/prefer-tags.ts';
import { isMerged } from '../is-merged.ts';
import { readRecord, readRunEntries } from '../read-run-entries.ts';
import { fetchBaseRelease } from './fetch-base-release.ts';

export type BaseModel = {
  /** How people call it. */
  name: string;
  modelPath: string;
  /** What it was trained on, as its run recorded and the judgement confirmed. */
  sources: readonly Source[];
};

export type BaseSubject = {
  owner: string;
  repo: string;
  model: string;
  pull: number;
  /** Commit of the default branch that the candidate was merged with; null when that is not known. */
  mergeBase: string | null;
  /** Where releases count from when it is not: the base that GitHub names. */
  baseSha: string;
  /** For downloads. */
  folder: string;
};

export type BasePorts = {
  github: GitHub;
  ledger: LedgerReader;
  keyOf(commit: string): Promise<string | null>;
  ancestors(commit: string, most: number): Promise<readonly string[]>;
};

/** Bytes of a model file that is brought here. */
const largestModel = 2 ** 30;

type Brought = { modelPath: string; sources: readonly Source[] };

/**
 * The model that the candidate is compared with, by the ladder of `pickBase`: its bytes verified against the ledger, which
 * only the App writes. Four calls where the merge-base has a run that is released, however many releases there are.
 */
export async function fetchBase(
  subject: BaseSubject,
  { github, ledger, keyOf, ancestors }: BasePorts,
): Promise<{ choice: BaseChoice; base: BaseModel | null }> {
  const { owner, repo, model, mergeBase, pull, baseSha } = subject;
  const quarantined = await readQuarantine(model, ledger);
  let listed: Promise<TaggedCommit[]> | undefined;
  const tags = () => {
    listed ??= listReleaseTags(github, { owner, repo, model });
    return listed;
  };
  const { choice, bytes } = await pickBase<Brought>(
    { model, mergeBase, pull, quarantined: quarantined.digests },
    {
      hasRuns: async () => (await ledger.list(`judgements/${model}`)).length > 0,
      ancestors,
      keyOf,
      runsOf: (key) => readRunEntries(ledger, key),
      isMerged: ({ pull: judged, headSha }) => isMerged(github, { owner, repo, pull: judged, headSha }),
      bring: async (run, commit) => {
        try {
          const [sources, known] = await Promise.all([readSources(run, ledger), tags()]);
          const preferred = preferTags(model, known, { commit, quarantined: quarantined.versions });
          const released = await downloadReleased(run, preferred, subject, github);
          const { tag, content } = released ?? { tag: null, content: await downloadTrained(run, subject, github) };
          return { tag, bytes: { modelPath: await keep(content, subject.folder), sources } };
        } catch (thrown) {
          if (thrown instanceof PulltrainError && gone.has(thrown.code)) return { missing: thrown.message };
          throw thrown;
        }
      },
      release: async () => {
        const release = await fetchBaseRelease(
          {
            ...{ owner, repo, model, base: mergeBase ?? baseSha, limit: largestModel },
            ...{ tags: await tags(), quarantined: quarantined.versions },
          },
          { github, ledger },
        );
        if (release === null) return null;
        const { tag, commit, sha256, content, sources } = release;
        return { tag, commit, sha256, bytes: { modelPath: await keep(content, subject.folder), sources } };
      },
    },
  );
  return { choice, base: bytes === null ? null : { ...bytes, name: nameOf(choice) } };
}

/** Faults that say that the bytes of a run are not to be had; anything else is one of the services. */
const gone = new Set([
  'artifact-missing',
  'artifact-expired',
  'artifact-refused',
  'asset-corrupt',
  'bytes-not-judged',
  'evidence-mismatch',
  'release-missing',
]);

function nameOf({ tag, pull }: BaseChoice): string {
  return tag ?? `the model of #${pull}`;
}

async function keep(content: Uint8Array, folder: string): Promise<string> {
  const path = join(folder, 'base.onnx');
  await writeFile(path, content);
  return path;
}

/** Versions that were rolled back, and the digests of their models as far as their records tell. */
async function readQuarantine(
  model: string,
  ledger: LedgerReader,
): Promise<{ versions: Set<string>; digests: Set<string> }> {
  const paths = await ledger.list(`quarantine/${model}`);
  const records = await Promise.all(paths.map((path) => readRecord(ledger, path, quarantineSchema)));
  return {
    versions: new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, ''))),
    digests: new Set(records.flatMap((record) => record?.sha256 ?? [])),
  };
}

/** What a run was made from, by the judgement that its entry names. Throws `evidence-mismatch`. */
async function readSources({ judgement, sha256 }: RunEntry, ledger: LedgerReader): Promise<readonly Source[]> {
  const document = await ledger.read(judgement.path);
  const parsed = judgementSchema.safeParse(document).data;
  const isSame =
    document !== null &&
    integrityOfDocument(document) === judgement.integrity &&
    parsed?.evaluated.headEvaluation?.sha256 === sha256;
  if (isSame) return parsed.evaluated.run?.sources ?? [];
  throw new PulltrainError('evidence-mismatch', {
    what: 'the judgement is not the one that the ledger names for this run',
    where: judgement.path,
  });
}

/** The bytes out of a release that holds them. At most a call for each tag, and one. */
async function downloadReleased(
  { sha256 }: RunEntry,
  tags: readonly string[],
  { owner, repo }: BaseSubject,
  github: GitHub,
): Promise<{ tag: string; content: Buffer } | null> {
  for (const tag of tags) {
    const release = await openRelease(github, { owner, repo, tag }).catch((thrown: unknown) => {
      // A tag that somebody pushed is no release.
      if (thrown instanceof PulltrainError && thrown.code === 'release-missing') return null;
      throw thrown;
    });
    const name = release?.find(sha256) ?? null;
    if (release !== null && name !== null) {
      return { tag, content: await release.download({ name, sha256, limit: largestModel }) };
    }
  }
  return null;
}

/** The bytes that training handed over, for a run that is not released yet. Two calls. */
async function downloadTrained(
  { sha256, artifact }: RunEntry,
  { owner, repo, folder }: BaseSubject,
  github: GitHub,
): Promise<Buffer> {
  const into = join(folder, `base-run-${artifact.runId}`);
  const allowed = ['model.onnx', 'run-record.json', 'logs/'];
  const { files } = await downloadArtifact(github, { owner, repo, ...artifact, into, allowed });
  const content = files.includes('model.onnx') ? await readFile(join(into, 'model.onnx')) : Buffer.alloc(0);
  const actual = createHash('sha256').update(content).digest('hex');
  if (actual === sha256) return content;
  throw new PulltrainError('bytes-not-judged', {
    what: 'the artifact of the training run holds another model than was judged',
    where: `artifact ${artifact.name} of run ${artifact.runId}`,
    seen: `sha256 ${actual}`,
    allowed: `sha256 ${sha256}`,
  });
}
