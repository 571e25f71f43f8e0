import { ConfigInvalid } from '../config/config-invalid.ts';
import { parseYaml, type YamlFault } from '../config/parse-yaml.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import type { Context } from '../training/interpolate.ts';
import { readParameters } from '../training/read-parameters.ts';
import { type DefinitionFile, definitionFileSchema } from './definition-schema.ts';
import type { Definitions } from './definitions.ts';
import { type FeatureFault, FeaturesInvalid } from './features-invalid.ts';
import { linkDefinitions } from './link-definitions.ts';
import { locateFault } from './locate-fault.ts';
import { looseNames } from './loose-names.ts';

/** Folder of the definition files, below the root of the repository. */
export const featuresFolder = 'features';
/** Definition files of one tree. */
const mostFiles = 1000;

/** One definition file as far as it could be read, and the texts of the SQL files beside it. */
export type DefinitionText = { file: string; text: string; parsed: DefinitionFile };

/**
 * Reads `features/*.yml` of a tree and the SQL files they name. `${...}` in a data path takes its value from `params.yaml`
 * at the root. Throws `FeaturesInvalid` with every fault of every file, its line and column.
 */
export async function readDefinitions(tree: SourceTree): Promise<Definitions> {
  const paths = (await tree.list(featuresFolder)).filter((path) => /\.ya?ml$/.test(path)).slice(0, mostFiles);
  const faults: FeatureFault[] = [];
  const texts: DefinitionText[] = [];
  const broken = { entities: new Set<string>(), views: new Set<string>() };
  for (const file of paths) {
    const text = new TextDecoder().decode((await tree.read(file)) ?? undefined);
    try {
      texts.push({ file, text, parsed: parseYaml(text, file, definitionFileSchema, emptyRecords) });
    } catch (thrown) {
      if (!(thrown instanceof ConfigInvalid)) throw thrown;
      faults.push(...thrown.faults.map((fault) => ({ file, ...fault })));
      const names = looseNames(text);
      for (const name of names.entities) broken.entities.add(name);
      for (const name of names.views) broken.views.add(name);
    }
  }
  const context = await readContext(tree);
  const { definitions, found } = await linkDefinitions(texts, { tree, context, broken });
  faults.push(
    ...found.map(({ file, text, path, message }) => ({
      file,
      ...locateFault(text, path),
      path: path.map(String).join('.'),
      message,
    })),
  );
  if (faults.length > 0) throw new FeaturesInvalid(faults);
  return definitions;
}

async function readContext(tree: SourceTree): Promise<Context> {
  return (await readParameters(tree, 'params.yaml')) ?? {};
}

/** Mappings that may not be empty. */
function emptyRecords(value: unknown): YamlFault[] {
  return [...mappingsAt(value, 'entities', 'keys'), ...mappingsAt(value, 'views', 'features')].map((path) => ({
    path,
    message: 'is empty',
  }));
}

function mappingsAt(value: unknown, group: string, key: string): PropertyKey[][] {
  const named = isMapping(value) ? value[group] : undefined;
  if (!isMapping(named)) return [];
  return Object.entries(named).flatMap(([name, entry]) => {
    const inner = isMapping(entry) ? entry[key] : undefined;
    return isMapping(inner) && Object.keys(inner).length === 0 ? [[group, name, key]] : [];
  });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
