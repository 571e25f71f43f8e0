/** One piece of an SQL text: a word, something in quotes, one sign, or a stretch of white space and comments. */
export type SqlPiece = { kind: 'word' | 'quoted' | 'sign' | 'space'; text: string };

/** Tried in this order at every place. Block comments are read by hand because they nest. */
const patterns: readonly [SqlPiece['kind'], RegExp][] = [
  ['space', /(?:\s|--[^\n]*)+/y],
  ['quoted', /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|[xXbB]?'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1/y],
  ['word', /[\p{L}\p{N}_.$]+/uy],
  ['sign', /[\s\S]/y],
];

/** Cuts an SQL text into pieces that give it back when put together. A quote that never ends is a sign. */
export function sqlPieces(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let at = 0;
  while (at < sql.length) {
    const piece = sql.startsWith('/*', at) ? commentAt(sql, at) : pieceAt(sql, at);
    pieces.push(piece);
    at += piece.text.length;
  }
  return pieces;
}

/**
 * The same statement in one spelling: every stretch of white space and comments is one space, and nothing stands before
 * the first word or after the last, not even a semicolon. What is in quotes stays as it is, and so does the case of words.
 */
export function normaliseSql(sql: string): string {
  const pieces = sqlPieces(sql).filter((piece, at, all) => piece.kind !== 'space' || all[at - 1]?.kind !== 'space');
  const isEmpty = (piece: SqlPiece | undefined) => piece?.kind === 'space' || piece?.text === ';';
  while (isEmpty(pieces.at(-1))) pieces.pop();
  if (pieces[0]?.kind === 'space') pieces.shift();
  return pieces.map((piece) => (piece.kind === 'space' ? ' ' : piece.text)).join('');
}

function pieceAt(sql: string, at: number): SqlPiece {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return { kind: 'sign', text: sql.slice(at, at + 1) };
}

function commentAt(sql: string, start: number): SqlPiece {
  let depth = 0;
  for (let at = start; at < sql.length; at += 1) {
    if (sql.startsWith('/*', at)) {
      depth += 1;
      at += 1;
    } else if (sql.startsWith('*/', at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return { kind: 'space', text: sql.slice(start, at + 1) };
    }
  }
  return { kind: 'space', text: sql.slice(start) };
}
