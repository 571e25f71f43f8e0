import { expect, test } from 'vitest';
import { checkCardTexts } from '../../../actions/evaluate/check-card-texts.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const tree = (text: string) => memoryTree({ 'model-card.yml': text });

test('a model card without faults, or none at all, is nothing to speak of', async () => {
  const text = 'version: 1\nmodels:\n  flight-delay:\n    intended_use: Planning.\n';
  expect(await checkCardTexts(tree(text), 'flight-delay')).toEqual([]);
  expect(await checkCardTexts(memoryTree({}), 'flight-delay')).toEqual([]);
});

test('every fault of a model card is told with its line', async () => {
  const text = 'version: 1\nmodels:\n  flight-delay:\n    intended_uses: Planning.\n    owners: ops\n';
  const warnings = await checkCardTexts(tree(text), 'flight-delay');
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^model-card\.yml:4:5 .*intended_use/),
    expect.stringMatching(
      /^model-card\.yml:5:\d+ models\.flight-delay\.owners: .*a release would go without the text$/,
    ),
  ]);
});
