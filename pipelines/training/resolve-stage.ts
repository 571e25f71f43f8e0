import posix from 'node:path/posix';
import { repositoryPathSchema } from '../contracts/common.ts';
import { PulltrainError } from '../errors.ts';
import type { OutOptions, StageText } from './pipeline-schema.ts';
import type { ParameterUse, Stage } from './stage.ts';
import type { StageOptions } from './stage-options.ts';

/**
 * A stage as written, with its paths made relative to the repository root; `folder` is where the pipeline file lies and
 * `place` where the stage stands in it. Dependencies outside of the repository are kept apart. Throws `path-outside` for
 * anything else that leaves the repository or names another place (`s3://...`).
 */
export function resolveStage(
  name: string,
  text: StageText,
  { folder, place, options }: { folder: string; place: string; options: StageOptions },
): Stage {
  const directory = resolvePath(text.wdir ?? '.', folder);
  const path = (relative: string) => resolvePath(relative, directory);
  const metrics = outsOf(text.metrics, path);
  const outs = [...outsOf(text.outs, path), ...metrics, ...outsOf(text.plots, path)];
  const [inside, external] = partition(text.deps, (dep) => insidePath(dep, directory) !== null);
  const having = (is: (options: OutOptions) => boolean) => unique(outs.filter((out) => is(out.options)).map(pathOf));
  return {
    name,
    place,
    commands: typeof text.cmd === 'string' ? [text.cmd] : text.cmd,
    directory,
    deps: unique(inside.map(path)),
    external: unique(external),
    parameters: parameterUses(text.params, path),
    outs: unique(outs.map(pathOf)),
    metrics: unique(metrics.map(pathOf)),
    persistent: having(({ persist }) => persist === true),
    local: having(({ push }) => push === false),
    uncached: having(({ cache }) => cache === false),
    remotes: Object.fromEntries(outs.flatMap(({ path, options: { remote } }) => (remote ? [[path, remote]] : []))),
    frozen: text.frozen,
    alwaysChanged: text.always_changed,
    options,
  };
}

/** The path from the repository root, or null for one that leaves the repository. */
function insidePath(relative: string, directory: string): string | null {
  if (relative.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//i.test(relative)) return null;
  const joined = posix.normalize(posix.join(directory, relative)).replace(/\/$/, '');
  if (joined === '.') return '';
  return repositoryPathSchema.safeParse(joined).success ? joined : null;
}

function resolvePath(relative: string, directory: string): string {
  const inside = insidePath(relative, directory);
  if (inside !== null) return inside;
  throw new PulltrainError('path-outside', { what: 'a path must stay inside the repository', seen: relative });
}

type Out = { path: string; options: OutOptions };

function outsOf(entries: StageText['plots'], path: (relative: string) => string): Out[] {
  return entries.flatMap((entry) =>
    typeof entry === 'string'
      ? [{ path: path(entry), options: {} }]
      : Object.entries(entry).map(([name, options]) => ({
          path: path(name),
          options: (Array.isArray(options) ? options[0] : options) ?? {},
        })),
  );
}

function pathOf({ path }: Out): string {
  return path;
}

function partition<One>(all: readonly One[], holds: (one: One) => boolean): [yes: One[], no: One[]] {
  return [all.filter(holds), all.filter((one) => !holds(one))];
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
