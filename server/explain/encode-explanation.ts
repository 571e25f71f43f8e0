import type { RowContributions } from './open-explainer.ts';

/** An explanation as three tensors beside the outputs of the model: the protocol has no other place for it. */
export function encodeExplanation({ inputs, baseline, contributions }: RowContributions) {
  return [
    { name: 'pulltrain.inputs', datatype: 'BYTES', shape: [inputs.length], data: [...inputs] },
    { name: 'pulltrain.baseline', datatype: 'FP64', shape: [1], data: [baseline] },
    {
      name: 'pulltrain.contributions',
      datatype: 'FP64',
      shape: [contributions.length / inputs.length, inputs.length],
      data: [...contributions],
    },
  ];
}
