const delimiters = [',', ';', '\t', '|'];
/** Lines that are looked at. */
const looked = 50;

export type CsvShape = { delimiter: string; header: boolean; names: string[] };

/**
 * How the first lines of a CSV file are cut into columns. A file without a clear delimiter is one column wide. The first
 * line names the columns unless one of its cells is a number.
 */
export function guessCsv(lines: readonly string[], told: { delimiter?: string; header?: boolean } = {}): CsvShape {
  const text = lines.slice(0, looked).join('\n');
  const delimiter = told.delimiter ?? bestDelimiter(text);
  const first = readRecords(text, delimiter)[0] ?? [];
  const header = told.header ?? !first.some(isNumber);
  return { delimiter, header, names: header ? first.map((cell) => cell.trim()) : [] };
}

/** The one that cuts most lines into as many cells as the first; of equals, the one that makes more columns. */
function bestDelimiter(text: string): string {
  const scored = delimiters.map((delimiter) => {
    const records = readRecords(text, delimiter);
    const width = records[0]?.length ?? 0;
    const alike = records.filter((record) => record.length === width).length / Math.max(1, records.length);
    return { delimiter, score: width < 2 ? 0 : alike * (1 + Math.log2(width)) };
  });
  const best = scored.reduce((left, right) => (right.score > left.score ? right : left));
  return best.score === 0 ? ',' : best.delimiter;
}

/** Quoted cells may hold delimiters, line breaks and doubled quotes (RFC 4180). Blank lines are no records. */
function readRecords(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let quoted = false;
  const endRecord = () => {
    record.push(cell);
    if (record.length > 1 || cell !== '') records.push(record);
    record = [];
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === delimiter) {
      record.push(cell);
      cell = '';
    } else if (character === '\n') endRecord();
    else if (character !== '\r') cell += character;
  }
  endRecord();
  return records;
}

function isNumber(cell: string): boolean {
  return /^\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)(e[-+]?\d+)?\s*$/i.test(cell);
}
