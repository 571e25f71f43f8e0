import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { systemClock } from '../../adapters/clock.ts';
import { validateSources } from '../../adapters/training/validate-sources.ts';
import { parseConfig } from '../../pipelines/config/parse-config.ts';
import type { ValidationReport } from '../../pipelines/contracts/validation-report.ts';
import { parseDataSchema } from '../../pipelines/data/validation/parse-data-schema.ts';
import { validateTable } from '../../pipelines/data/validation/validate-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { validationText } from '../../reports/validation-text.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { readText } from './read-text.ts';
import { withTables } from './with-tables.ts';

const options = {
  schema: { type: 'string', placeholder: 'FILE', about: 'what must hold' },
  config: { type: 'string', default: 'pulltrain.yml', placeholder: 'FILE', about: 'names tables and schemas' },
  now: { type: 'string', placeholder: 'INSTANT', about: 'clock of freshness rules' },
} as const;
