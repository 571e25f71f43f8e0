/** `model@v1.2.3`, the tag of a release. Its inverse is `parseTag`. */
export function formatTag(model: string, version: string): string {
  return `${model}@v${version}`;
}
