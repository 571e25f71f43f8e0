import { type TableReading, tableReadingSchema } from '../../pipelines/contracts/table-reading.ts';
import type { OpenOptions } from '../../pipelines/data/open-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Options that say how a table file is read, for every action that reads one without a schema. */
export const readingOptions = {
  format: { type: 'string', placeholder: 'FORMAT', about: 'parquet, csv or json, whatever the ending says' },
  delimiter: { type: 'string', placeholder: 'SIGN', about: 'what stands between two values of a CSV file' },
  'no-header': { type: 'boolean', default: false, about: 'the first line of the CSV file is a row' },
  names: { type: 'string', placeholder: 'NAME,NAME', about: 'names of the columns of a CSV file, in order' },
  missing: { type: 'string', multiple: true, placeholder: 'TEXT', about: 'text that means a missing value' },
  trim: { type: 'boolean', default: false, about: 'drop blanks around values' },
  encoding: { type: 'string', placeholder: 'NAME', about: 'utf-8, latin-1 or utf-16' },
} as const;

type Values = {
  format?: string | undefined;
  delimiter?: string | undefined;
  'no-header'?: boolean | undefined;
  names?: string | undefined;
  missing?: string[] | undefined;
  trim?: boolean | undefined;
  encoding?: string | undefined;
};

/** How the command line says that a file is to be read; throws `usage`. */
export function readingOf(values: Values): TableReading {
  const said = {
    format: values.format,
    delimiter: values.delimiter === '\\t' ? '\t' : values.delimiter,
    encoding: values.encoding,
    ...(values['no-header'] === true ? { header: false } : {}),
    names: values.names?.split(',').map((name) => name.trim()),
    missing: values.missing ?? [],
    trim: values.trim ?? false,
  };
  const parsed = tableReadingSchema.safeParse(said);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PulltrainError('usage', { what: `--${issue?.path.join('.')}: ${issue?.message}` });
}

/** What pandas and R write for a missing value. */
const usualMarkers = ['NA', 'N/A', '#N/A', 'NaN', 'nan', 'NULL', 'null'];

/** The same for a table that is looked at without a schema: the usual markers mean a missing value unless others are named. */
export function openingOf(values: Values): OpenOptions {
  const { names, header, format, encoding, delimiter, trim } = readingOf(values);
  return {
    trim,
    missing: values.missing ?? usualMarkers,
    ...(names === undefined ? {} : { names }),
    ...(header === undefined ? {} : { header }),
    ...(format === undefined ? {} : { format }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
  };
}
