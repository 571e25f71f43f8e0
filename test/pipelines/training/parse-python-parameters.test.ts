import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePythonParameters } from '../../../pipelines/training/parse-python-parameters.ts';

describe('parameters in a Python file', () => {
  it('are literals at the top, in classes and of __init__', () => {
    const text = `import os
LR = 1e-3  # a comment
STEPS: int = 1_000
NEGATIVE = -2.5
NAME = 'it\\'s "here"'
PATHS = [
    "a.csv",  # first
    "b.csv",
]
PAIR = (1, 2)
ONE = (3)
OPTIONS = {"deep": {"on": True, "off": None}, 4: "four"}
SET = {1, 2}
DOC = """two
lines"""
HOME = os.environ["HOME"]
SUM = 1 + 2
a = b = 3
if LR == 1: LR2 = 2

class Train:
    EPOCHS = 5

    class Inner:
        DEPTH = 3

    def __init__(self):
        self.seed = 42
        local = 1

    def other(self):
        self.hidden = 1

LAST = False
`;
    expect(parsePythonParameters(text)).toEqual({
      LR: 0.001,
      STEPS: 1000,
      NEGATIVE: -2.5,
      NAME: 'it\'s "here"',
      PATHS: ['a.csv', 'b.csv'],
      PAIR: [1, 2],
      ONE: 3,
      OPTIONS: { deep: { on: true, off: null }, 4: 'four' },
      SET: [1, 2],
      DOC: 'two\nlines',
      Train: { EPOCHS: 5, Inner: { DEPTH: 3 }, seed: 42 },
      LAST: false,
    });
  });

  it('of any text are found without a crash or a hang', () => {
    const piece = fc.constantFrom(
      'x',
      ' = ',
      '[',
      ']',
      '{',
      '}',
      '(',
      ')',
      ',',
      ':',
      '"',
      "'",
      '"""',
      '1',
      '\n',
      '  ',
      'class A:',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(parsePythonParameters(pieces.join(''))).toBeTypeOf('object');
      }),
    );
  });
});
