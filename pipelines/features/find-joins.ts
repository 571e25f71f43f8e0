/** What a `pulltrain features join` in a command asks for. */
export type JoinCommand = { service: string } | { features: string };

/** Letters of a command that are looked at; commands come from pull requests. */
const longest = 100_000;

/** The joins that the commands of stages run, in their order. What stands in another program's arguments is none. */
export function findJoins(commands: readonly string[]): JoinCommand[] {
  return commands.flatMap((command) => {
    const words = splitWords(command.slice(0, longest).replaceAll('\\\n', ' '));
    return words.flatMap((word, at) =>
      isPulltrain(word) && words[at + 1] === 'features' && words[at + 2] === 'join' ? joinOf(words.slice(at + 3)) : [],
    );
  });
}

function joinOf(words: readonly string[]): JoinCommand[] {
  const end = words.findIndex((word) => /^(&&|\|\||;|\||&)$/.test(word));
  const own = end < 0 ? words : words.slice(0, end);
  const service = optionOf(own, '--service');
  const features = optionOf(own, '--features');
  if (service !== undefined) return [{ service }];
  return features === undefined ? [] : [{ features }];
}

function optionOf(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  if (at >= 0) return words[at + 1];
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

function isPulltrain(word: string): boolean {
  return word === 'pulltrain' || word.endsWith('/pulltrain') || word.endsWith('cli/main.mjs');
}

/** Words of a shell command: quotes taken off, operators on their own. */
function splitWords(command: string): string[] {
  const pattern = /"((?:[^"\\]|\\.)*)"|'([^']*)'|(&&|\|\||[;|&\n])|((?:[^\s"';|&\\]|\\.)+)/g;
  const words: string[] = [];
  let end = -1;
  for (const match of command.matchAll(pattern)) {
    const [whole, double, single, operator, bare] = match;
    const text = double ?? single ?? bare ?? (operator === '\n' ? ';' : (operator ?? ''));
    // `--service="x"` is one word: pieces that touch belong together.
    if (match.index === end && operator === undefined && words.length > 0) words.push(`${words.pop()}${text}`);
    else words.push(text);
    end = operator === undefined ? match.index + whole.length : -1;
  }
  return words;
}
