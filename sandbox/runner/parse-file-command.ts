import { PulltrainError } from '../../pipelines/errors.ts';

/** Reads `name=value` lines and `name<<DELIMITER` blocks, as written to GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STATE. */
export function parseFileCommand(text: string): [name: string, value: string][] {
  const lines = text.split(/\r?\n/);
  const pairs: [string, string][] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      pairs.push([readName(line.slice(0, equals), line), line.slice(equals + 1)]);
      continue;
    }
    if (heredoc < 0) throw invalid(`Invalid format '${line}'`);
    const delimiter = line.slice(heredoc + 2);
    const end = lines.indexOf(delimiter, index + 1);
    if (delimiter === '') throw invalid(`Invalid format '${line}'. Delimiter must not be empty`);
    if (end < 0) throw invalid(`Invalid value. Matching delimiter not found '${delimiter}'`);
    pairs.push([readName(line.slice(0, heredoc), line), lines.slice(index + 1, end).join('\n')]);
    index = end;
  }
  return pairs;
}

function readName(name: string, line: string): string {
  if (name === '') throw invalid(`Invalid format '${line}'. Name must not be empty`);
  return name;
}

function invalid(what: string): PulltrainError {
  return new PulltrainError('file-command', { what });
}
