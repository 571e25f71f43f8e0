import posix from 'node:path/posix';
import { repositoryPathSchema } from '../contracts/common.ts';
import { PulltrainError } from '../errors.ts';
import type { StageText } from './pipeline-schema.ts';
import type { ParameterUse, Stage } from './stage.ts';

/**
 * A stage as written, with its paths made relative to the repository root; `folder` is where the pipeline file lies.
 * Throws `path-outside` for a path that leaves the repository or names another place (`s3://...`).
 */
export function resolveStage(name: string, text: StageText, folder: string): Stage {
  const directory = resolvePath(text.wdir ?? '.', folder);
  const path = (relative: string) => resolvePath(relative, directory);
  const metrics = paths(text.metrics).map(path);
  const outs = [...paths(text.outs).map(path), ...metrics, ...paths(text.plots).map(path)];
  return {
    name,
    commands: typeof text.cmd === 'string' ? [text.cmd] : text.cmd,
    directory,
    deps: unique(text.deps.map(path)),
    parameters: parameterUses(text.params, path),
    outs: unique(outs),
    metrics: unique(metrics),
    frozen: text.frozen,
    alwaysChanged: text.always_changed,
  };
}

function resolvePath(relative: string, directory: string): string {
  const joined = posix.normalize(posix.join(directory, relative)).replace(/\/$/, '');
  if (joined === '.') return '';
  if (relative.startsWith('/') || relative.includes('://') || !repositoryPathSchema.safeParse(joined).success) {
    throw new PulltrainError('path-outside', { what: 'a path must stay inside the repository', seen: relative });
  }
  return joined;
}

function paths(entries: readonly (string | Record<string, unknown>)[]): string[] {
  return entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.keys(entry)));
}

/** Names without a file belong to `params.yaml`; uses of one file are joined, and the whole file wins over names. */
function parameterUses(entries: StageText['params'], path: (relative: string) => string): ParameterUse[] {
  const uses = new Map<string, string[] | null>();
  const add = (file: string, names: string[] | null) => {
    const before = uses.get(file);
    uses.set(file, before === null || names === null ? null : unique([...(before ?? []), ...names]).sort());
  };
  for (const entry of entries) {
    if (typeof entry === 'string') add(path('params.yaml'), [entry]);
    else
      for (const [file, names] of Object.entries(entry))
        add(path(file), names === null || names.length === 0 ? null : names);
  }
  return [...uses].map(([file, names]) => ({ file, names }));
}

function unique(entries: readonly string[]): string[] {
  return [...new Set(entries)];
}
