/**
 * GitHub's filter patterns for branches, tags and paths: `*` stops at a slash, `**` does not, `?` and `+` repeat the
 * character before them, `[]` is a set, a leading `!` takes back what an earlier pattern took; the last match decides.
 */
export function matchesPatterns(patterns: readonly string[], value: string): boolean {
  let isMatched = false;
  for (const pattern of patterns) {
    const isNegative = pattern.startsWith('!');
    if (toRegExp(isNegative ? pattern.slice(1) : pattern).test(value)) isMatched = !isNegative;
  }
  return isMatched;
}

function toRegExp(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (pattern.startsWith('**/', index)) {
      source += '(?:.*/)?';
      index += 2;
    } else if (pattern.startsWith('**', index)) {
      source += '.*';
      index += 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?' || character === '+') source += source === '' ? `\\${character}` : character;
    else if (character === '[' && pattern.indexOf(']', index) > index) {
      const end = pattern.indexOf(']', index);
      source += `[${pattern.slice(index + 1, end).replace(/[\\^\]]/g, '\\$&')}]`;
      index = end;
    } else if (character === '\\' && index + 1 < pattern.length) {
      source += quote(pattern.charAt(index + 1));
      index += 1;
    } else source += quote(character);
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    // A pattern that is no pattern, such as `a[z-a]`, matches itself only.
    return new RegExp(`^${[...pattern].map(quote).join('')}$`, 's');
  }
}

function quote(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
