import { parse } from 'yaml';
import { type Parameter, parameterSchema } from '../contracts/run-record.ts';

/** A parameter as it is written on a command line: `0.1`, `true`, `[1, 2]`, `text`, read as YAML reads it. */
export function parameterValue(text: string): Parameter {
  try {
    const value = parameterSchema.safeParse(parse(text, { maxAliasCount: 0 }));
    return value.success ? value.data : text;
  } catch {
    return text;
  }
}
