import posix from 'node:path/posix';
import { nearestName } from '../../config/nearest-name.ts';
import { PulltrainError } from '../../errors.ts';
import type { IniSections } from './parse-dvc-config.ts';

/** One config file, after those whose values it overrides; relative paths in it begin at `folder`. */
export type DvcConfigFile = { sections: IniSections; folder: string };

/** A remote as DVC is told of it: where it is and its other settings by name. */
export type DvcRemote = { name: string; url: string; settings: ReadonlyMap<string, string> };

/**
 * The named remote, or the default one, of config files in the order in which they override each other. Throws
 * `dvc-remote-missing`.
 */
export function findDvcRemote(files: readonly DvcConfigFile[], wanted?: string): DvcRemote {
  const name = wanted ?? dvcSetting(files, 'core', 'remote');
  const names = remoteNames(files);
  if (name === undefined) {
    throw new PulltrainError('dvc-remote-missing', {
      what: 'DVC has no default remote here',
      where: '.dvc/config',
      ...(names.length === 0 ? {} : { allowed: names.join(', ') }),
      cure: 'Name one with --remote, or set it: dvc remote default NAME.',
    });
  }
  const settings = new Map<string, string>();
  for (const { sections, folder } of files) {
    for (const [key, value] of sections.get(`remote "${name}"`) ?? []) {
      const isPath = key === 'url' || key === 'credentialpath';
      settings.set(key, isPath ? resolvePath(value, folder) : value);
    }
  }
  const url = settings.get('url');
  if (url === undefined) {
    const meant = nearestName(name, names);
    throw new PulltrainError('dvc-remote-missing', {
      what: `DVC knows no remote "${name}"`,
      where: '.dvc/config',
      ...(names.length === 0 ? {} : { allowed: names.join(', ') }),
      ...(meant === undefined ? {} : { cure: `Did you mean ${meant}?` }),
    });
  }
  return followRemote(files, { name, url, settings }, 0);
}

/** `remote://<other>/<path>` is a place in another remote, with that one's settings where it has none of its own. */
function followRemote(files: readonly DvcConfigFile[], remote: DvcRemote, depth: number): DvcRemote {
  const [, base, path = ''] = /^remote:\/\/([^/]+)(\/.*)?$/.exec(remote.url) ?? [];
  if (base === undefined) return remote;
  if (base === remote.name || depth > 5) {
    throw new PulltrainError('dvc-remote-missing', {
      what: `the remote "${remote.name}" refers to itself`,
      where: '.dvc/config',
    });
  }
  const other = findDvcRemote(files, base);
  const settings = new Map([...other.settings, ...remote.settings]);
  return { name: remote.name, url: `${other.url.replace(/\/+$/, '')}${path}`, settings };
}

/** The value of the last file that has it. */
export function dvcSetting(files: readonly DvcConfigFile[], section: string, key: string): string | undefined {
  return files.map(({ sections }) => sections.get(section)?.get(key)).findLast((value) => value !== undefined);
}

/** A path of the config made absolute; URLs and `~` stay as they are. */
export function resolvePath(value: string, folder: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || value.startsWith('/') || value.startsWith('~')) return value;
  return posix.join(folder, value);
}

function remoteNames(files: readonly DvcConfigFile[]): string[] {
  const names = files.flatMap(({ sections }) => [...sections.keys()].map((key) => /^remote "(.*)"$/.exec(key)?.[1]));
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}
