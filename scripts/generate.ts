import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configSchema } from '../pipelines/config/schema.ts';
import { cardTextsSchema } from '../pipelines/contracts/card-texts.ts';
import { cleaningRecipeSchema } from '../pipelines/contracts/cleaning-recipe.ts';
import { dataSchemaSchema } from '../pipelines/contracts/data-schema.ts';
import { splitRuleSchema } from '../pipelines/contracts/split-rule.ts';
import { renderActions } from './reference/render-actions.ts';
import { renderCli } from './reference/render-cli.ts';
import { renderConfiguration } from './reference/render-configuration.ts';
import { renderDocuments } from './reference/render-documents.ts';
import { renderReadme } from './reference/render-readme.ts';
import { renderSchema } from './reference/render-schema.ts';

const sources = fileURLToPath(new URL('..', import.meta.url));

/**
 * Brings the generated reference below `target` up to date with the sources and returns the paths that differed. With
 * `check` nothing is written.
 */
export async function generate(target: string, { check }: { check: boolean }): Promise<string[]> {
  const files = {
    'README.md': await renderReadme(sources),
    'docs/reference/pulltrain.schema.json': renderSchema('pulltrain.yml', configSchema),
    'docs/reference/data-schema.schema.json': renderSchema('data schema', dataSchemaSchema),
    'docs/reference/split-rule.schema.json': renderSchema('split rule', splitRuleSchema),
    'docs/reference/model-card.schema.json': renderSchema('model card', cardTextsSchema),
    'docs/reference/cleaning-recipe.schema.json': renderSchema('cleaning recipe', cleaningRecipeSchema),
    'docs/reference/configuration.md': renderConfiguration(),
    'docs/reference/actions.md': renderActions(sources),
    'docs/reference/cli.md': await renderCli(),
    'docs/reference/documents.md': await renderDocuments(sources),
  };
  const stale: string[] = [];
  for (const [path, text] of Object.entries(files)) {
    const file = join(target, path);
    if ((await readIfThere(file)) === text) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return stale;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  const stale = await generate(sources, { check });
  if (check && stale.length > 0) {
    process.stderr.write(`Not up to date: ${stale.join(', ')}. Run npm run generate and commit the result.\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(stale.length === 0 ? 'Everything generated is up to date.\n' : `Wrote ${stale.join(', ')}\n`);
  }
}
