import { PulltrainError } from '../../../pipelines/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../expressions/json.ts';

/** GitHub's limit on the jobs of one matrix. */
const maxJobs = 256;

/**
 * All combinations of a matrix's lists, less `exclude`, plus `include`: an included entry joins every combination whose
 * original values it does not change, or becomes a combination of its own. Null means no matrix: one job.
 */
export function expandMatrix(matrix: Json | undefined): (JsonObject | null)[] {
  if (matrix === undefined || matrix === null) return [null];
  if (!isJsonObject(matrix)) throw new PulltrainError('workflow-matrix', { what: 'a matrix is a mapping' });
  const { include, exclude, ...axes } = matrix;
  const kept = combine(axes).filter((one) => !readEntries(exclude, 'exclude').some((entry) => isPartOf(entry, one)));
  const combinations = addIncluded(kept, readEntries(include, 'include'));
  if (combinations.length === 0)
    throw new PulltrainError('workflow-matrix', { what: 'the matrix does not contain any values' });
  if (combinations.length > maxJobs)
    throw new PulltrainError('workflow-matrix', {
      what: 'the matrix makes too many jobs',
      seen: String(combinations.length),
      allowed: `${maxJobs} at most`,
    });
  return combinations;
}

function combine(axes: JsonObject): JsonObject[] {
  const entries = Object.entries(axes);
  if (entries.length === 0) return [];
  return entries.reduce<JsonObject[]>(
    (combinations, [name, values]) => {
      if (!Array.isArray(values))
        throw new PulltrainError('workflow-matrix', { what: 'a matrix entry is a list', where: name });
      // Stops before a hostile matrix fills the memory.
      const grown = combinations.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
      return grown.slice(0, 100_000);
    },
    [{}],
  );
}

function addIncluded(originals: JsonObject[], included: JsonObject[]): JsonObject[] {
  const combinations = originals.map((original) => ({ original, value: { ...original } }));
  const extra: JsonObject[] = [];
  for (const entry of included) {
    const hosts = combinations.filter(({ original }) =>
      Object.entries(entry).every(([key, value]) => !(key in original) || isSame(original[key], value)),
    );
    for (const host of hosts) Object.assign(host.value, entry);
    if (hosts.length === 0) extra.push(entry);
  }
  return [...combinations.map(({ value }) => value), ...extra];
}

function readEntries(value: Json | undefined, name: string): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isJsonObject))
    throw new PulltrainError('workflow-matrix', { what: 'a list of mappings is needed', where: `matrix.${name}` });
  return value.filter(isJsonObject);
}

function isPartOf(part: JsonObject, whole: JsonObject): boolean {
  return Object.entries(part).every(([key, value]) => isSame(whole[key], value));
}

function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
