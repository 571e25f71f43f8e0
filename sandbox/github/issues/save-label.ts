import type { Platform } from '../platform.ts';
import type { Label, Repository } from '../records.ts';

/** The label of that name; using one that is unknown makes it, in grey, as GitHub does. */
export function saveLabel(platform: Platform, repository: Repository, name: string): Label {
  const known = repository.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const label: Label = { id: platform.kernel.nextId(), name, color: 'ededed', description: '' };
  repository.labels.set(name.toLowerCase(), label);
  return label;
}
