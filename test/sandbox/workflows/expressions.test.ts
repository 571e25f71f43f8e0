// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { describe, expect, it } from 'vitest';
import {
  evaluateCondition,
  evaluateExpression,
  type Scope,
} from '../../../sandbox/workflows/expressions/evaluate-expression.ts';
import {
  evaluateTemplate,
  evaluateText,
  evaluateTexts,
} from '../../../sandbox/workflows/expressions/evaluate-template.ts';

function scope(status: 'success' | 'failure' = 'success'): Scope {
  return {
    contexts: { github: { sha: 'abc', event: { number: 7 } }, env: { NAME: "it's" }, matrix: { list: [1, 2] } },
    functions: [
      { name: 'success', minArgs: 0, maxArgs: 0, call: () => status === 'success' },
      { name: 'failure', minArgs: 0, maxArgs: 0, call: () => status === 'failure' },
      { name: 'always', minArgs: 0, maxArgs: 0, call: () => true },
    ],
  };
}

describe('an expression', () => {
  it('keeps every doubled quote of a string', () => {
    expect(evaluateExpression("'a''b''c''d'", scope())).toBe("a'b'c'd");
    expect(evaluateExpression("format('{0} ''x'' ''y''', github.sha)", scope())).toBe("abc 'x' 'y'");
  });

  it('gives structured values back', () => {
    expect(evaluateExpression('fromJSON(\'{"a":[1,{"b":null}]}\')', scope())).toEqual({ a: [1, { b: null }] });
  });

  it('refuses a context that is not there', () => {
    expect(() => evaluateExpression('secrets.X', scope())).toThrow(/Unrecognized named-value/);
  });
});

describe('a template', () => {
  it('keeps the lines and quotes of a script around its expressions', () => {
    const script = "cat <<EOF\n  'a' 'b' ${{ github.sha }}\nEOF\necho '${{ env.NAME }}' '${{ 'x''}}''y' }}'\n";
    expect(evaluateText(script, scope())).toBe("cat <<EOF\n  'a' 'b' abc\nEOF\necho 'it's' 'x'}}'y'\n");
  });

  it('takes the value of a string that is one expression', () => {
    expect(evaluateTemplate({ a: '${{ matrix.list }}', b: ['n=${{ github.event.number }}'] }, scope())).toEqual({
      a: [1, 2],
      b: ['n=7'],
    });
  });

  it('writes numbers, booleans and null as GitHub does', () => {
    expect(evaluateTexts({ a: 1.5, b: true, c: null, d: '${{ null }}' }, scope())).toEqual({
      a: '1.5',
      b: 'true',
      c: '',
      d: '',
    });
  });

  it('says which text is not closed', () => {
    expect(() => evaluateText('x ${{ github.sha', scope())).toThrow(/not closed/);
  });
});

describe('a condition', () => {
  it.each([
    ['', false],
    ["github.sha == 'abc'", false],
    ['always()', true],
    ['failure() && github.event.number > 6', true],
    // Only a call counts, not the word in a string.
    ["contains('success()', 'x') || true", false],
  ])('%s after a failure is %s', (text, expected) => {
    expect(evaluateCondition(text, scope('failure'))).toBe(expected);
  });
});
