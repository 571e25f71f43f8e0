import { sqlPieces } from './normalise-sql.ts';

/** Functions whose answer depends on more than their arguments; with one of them a version would not name one table. */
const unrepeatable = [
  'random',
  'uuid',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'setseed',
  'now',
  'today',
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'get_current_time',
  'get_current_timestamp',
  'transaction_timestamp',
  'nextval',
  'currval',
];
/** Without parentheses too: these are words of the language. */
const bare = ['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp'];

/** What keeps an SQL text from being one repeatable SELECT that can stand in parentheses. */
export function sqlFaults(sql: string): string[] {
  const pieces = sqlPieces(sql).filter(({ kind }) => kind !== 'space');
  while (pieces.at(-1)?.text === ';') pieces.pop();
  const faults: string[] = [];
  const first = pieces.find(({ text }) => text !== '(')?.text.toLowerCase();
  if (first === undefined) return ['is empty'];
  if (!['select', 'with', 'from', 'values', 'pivot', 'unpivot'].includes(first)) {
    faults.push(`must be one SELECT, and begins with "${first.slice(0, 40)}"`);
  }
  if (pieces.some(({ kind, text }) => kind === 'sign' && text === ';')) faults.push('must be one statement');
  let depth = 0;
  let least = 0;
  for (const { kind, text } of pieces) {
    if (kind !== 'sign') continue;
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    least = Math.min(least, depth);
  }
  if (depth !== 0 || least < 0) faults.push('has parentheses that do not match');
  if (pieces.some(({ kind, text }) => kind === 'sign' && (text === "'" || text === '"')))
    faults.push('has a quote that does not end');
  const called = new Set(
    pieces.flatMap(({ kind, text }, at) => {
      const word = text.toLowerCase();
      if (kind !== 'word' || !unrepeatable.includes(word)) return [];
      return bare.includes(word) || pieces[at + 1]?.text === '(' ? [word] : [];
    }),
  );
  for (const name of called) {
    faults.push(`calls ${name}, which gives another answer every time, so that no version could name the result`);
  }
  return faults;
}
