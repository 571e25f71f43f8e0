import { LineCounter, parseDocument } from 'yaml';
import { locateNode, type Place } from '../config/locate-node.ts';

/** Where a path stands in a YAML text that was read before. */
export function locateFault(text: string, path: readonly PropertyKey[]): Place {
  const counter = new LineCounter();
  return locateNode(parseDocument(text, { lineCounter: counter }), counter, path);
}
