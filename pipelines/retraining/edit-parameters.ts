import { isMap, isScalar, parse, parseDocument, Scalar } from 'yaml';
import type { Parameter } from '../contracts/run-record.ts';
import { PulltrainError } from '../errors.ts';

/**
 * Sets parameters in the text of `params.yaml` by their dotted names. Every other byte stays: comments, order, quotes.
 * A name that is not in the file is refused, since the pipeline would not read it. Throws `parameters-unreadable`,
 * `parameter-unknown`.
 */
export function editParameters(text: string, parameters: Readonly<Record<string, Parameter>>): string {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined || !isMap(document.contents)) {
    throw new PulltrainError('parameters-unreadable', {
      what: 'not a YAML mapping',
      where: 'params.yaml',
      ...(fault === undefined ? {} : { cause: fault }),
    });
  }
  const splices = Object.entries(parameters).map(([name, value]) => {
    const node = document.getIn(name.split('.'), true);
    if (!isScalar(node) || node.range === null || node.range === undefined) {
      throw new PulltrainError('parameter-unknown', {
        what: 'no such single value',
        where: `params.yaml, ${name}`,
        cure: 'Correct retrain in pulltrain.yml: it names a parameter that the file does not have',
      });
    }
    return { start: node.range[0], end: node.range[1], text: formatScalar(value, node) };
  });
  return splices
    .sort((left, right) => right.start - left.start)
    .reduce((edited, splice) => edited.slice(0, splice.start) + splice.text + edited.slice(splice.end), text);
}

/** The value of a dotted name, or undefined. */
export function readParameter(text: string, name: string): unknown {
  return parseDocument(text).getIn(name.split('.'));
}

/** Keeps the quotes that were there: to other readers a bare 2001-02-01 is a date and a quoted one is a text. */
function formatScalar(value: Parameter, old: Scalar): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (old.type === Scalar.QUOTE_SINGLE && !/['\n]/.test(value)) return `'${value}'`;
  const plain = /^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(value) && parse(value) === value;
  return plain && old.type === Scalar.PLAIN ? value : JSON.stringify(value);
}
