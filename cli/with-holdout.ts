import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { integrityOfFile } from '../adapters/workspace/integrity-of-file.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { ModelConfig } from '../pipelines/config/schema.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { type LoadedHoldout, loadHoldout } from '../pipelines/evaluation/load-holdout.ts';
import type { Tables } from '../pipelines/ports/tables.ts';
import { requireFile } from './data/require-file.ts';
import { withTables } from './data/with-tables.ts';
import type { Terminal } from './verb.ts';

export type Holdout = { model: string; policy: ModelConfig; loaded: LoadedHoldout; tables: Tables };

/** Work on the rows that the holdout rule of a configuration takes from a table; how many is told as progress. */
export async function withHoldout<Answer>(
  { data, config, name }: { data: string; config: string; name: string | undefined },
  terminal: Terminal,
  work: (holdout: Holdout) => Promise<Answer>,
): Promise<Answer> {
  const file = await requireFile(data, terminal);
  const text = await readFile(resolve(terminal.directory, config), 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('config-missing', { what: 'the configuration cannot be read', where: config, cause });
  });
  const { name: model, model: policy } = selectModel(parseConfig(text, config), name);
  return withTables(async (tables) => {
    const loaded = await loadHoldout({ policy, file, dataIntegrity: await integrityOfFile(file) }, tables);
    terminal.progress(`${loaded.holdout.rows} rows: ${loaded.holdout.rule}`);
    return work({ model, policy, loaded, tables });
  });
}
