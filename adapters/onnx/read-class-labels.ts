import { readFields, readVarints } from './read-fields.ts';

/** More are not looked at: nobody lists them in a configuration either. */
const mostClasses = 10_000;

/** The classes that an attribute of a classifier lists, in the order of its scores; null for any other attribute. */
export function readClassLabels(attribute: Uint8Array): string[] | null {
  let isLabels = false;
  const labels: string[] = [];
  for (const { number, value } of readFields(attribute)) {
    if (number === 1 && value instanceof Uint8Array) {
      isLabels = /^classlabels_/.test(decode(value));
      if (!isLabels) return null;
    } else if (number === 8 && value !== null) {
      labels.push(...(typeof value === 'number' ? [value] : readVarints(value)).map(String));
    } else if (number === 9 && value instanceof Uint8Array) labels.push(decode(value).slice(0, 1000));
    if (labels.length > mostClasses) return null;
  }
  return isLabels && labels.length > 0 ? labels : null;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
