/**
 * How objects are called among the assets of a release. GitHub keeps letters, digits, `_`, `-` and inner periods of a name;
 * `/` becomes `_`, and `_`, `-` and other periods become `-u`, `-d` and `-p`. Capitals are ours: `.P0001` is a part,
 * `.PARTS-<bytes>-<count>` says that an object has that many parts and is written last, so that the object appears whole,
 * and `.EMPTY` stands for an object without bytes, because GitHub takes no empty files.
 */
export function assetName(object: string): string {
  return object.replace(/[/_-]|(?<![a-z0-9])\.|\.(?![a-z0-9])/g, (one) => escapes.get(one) ?? one);
}

const escapes = new Map([
  ['/', '_'],
  ['_', '-u'],
  ['-', '-d'],
  ['.', '-p'],
]);
const plain = new Map([...escapes].map(([from, to]) => [to, from]));

export function partName(object: string, index: number): string {
  return `${assetName(object)}.P${String(index + 1).padStart(4, '0')}`;
}

export function sealName(object: string, size: number, parts: number): string {
  return `${assetName(object)}.PARTS-${size}-${parts}`;
}

export function emptyName(object: string): string {
  return `${assetName(object)}.EMPTY`;
}

type AssetMeaning =
  | { kind: 'object' | 'empty'; object: string }
  | { kind: 'part'; object: string; index: number }
  | { kind: 'seal'; object: string; size: number; parts: number };

/** What an asset is by its name; null when it is none of ours. */
export function readAssetName(name: string): AssetMeaning | null {
  const pattern = /^([a-z0-9._-]+?)(?:\.P(\d{4})|\.PARTS-(\d+)-(\d+)|\.(EMPTY))?$/;
  const [, encoded = '', part, size, parts, empty] = pattern.exec(name) ?? [];
  const object = encoded.replace(/_|-[udp]/g, (one) => plain.get(one) ?? one);
  if (encoded === '' || assetName(object) !== encoded) return null;
  if (part !== undefined) return { kind: 'part', object, index: Number(part) - 1 };
  if (size !== undefined) return { kind: 'seal', object, size: Number(size), parts: Number(parts) };
  return { kind: empty === undefined ? 'object' : 'empty', object };
}
