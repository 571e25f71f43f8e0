import { readFile } from 'node:fs/promises';
import protobuf from 'protobufjs';
import type { Forest } from './boost.ts';

/** Versions that ONNX Runtime has read since 2022; nothing newer is needed. */
const versions = { ir: 8, onnx: 17, ml: 3 };
const elementType = { float: 1 };

/**
 * The forest as an ONNX file: one input `[N, 1]` of floats for each feature, in their order, and one output
 * `probability`, `[N, 1]`.
 *
 *     feature inputs -> Concat -> TreeEnsembleRegressor -> Sigmoid -> probability
 *
 * A regressor with a sigmoid behind it, not a classifier: what is wanted is the probability alone.
 */
export async function exportOnnx(forest: Forest, features: readonly string[]): Promise<Uint8Array> {
  const { root } = protobuf.parse(await readFile(new URL('onnx.proto', import.meta.url), 'utf8'), { keepCase: true });
  const model = root.lookupType('onnx.ModelProto');
  return model
    .encode(
      model.fromObject({
        ir_version: versions.ir,
        producer_name: 'flight-delays',
        opset_import: [
          { domain: '', version: versions.onnx },
          { domain: 'ai.onnx.ml', version: versions.ml },
        ],
        graph: {
          name: 'flight-delay',
          input: features.map(floatColumn),
          output: [floatColumn('probability')],
          node: [
            {
              name: 'row',
              op_type: 'Concat',
              input: features,
              output: ['row'],
              attribute: [{ name: 'axis', type: 'INT', i: 1 }],
            },
            {
              name: 'trees',
              op_type: 'TreeEnsembleRegressor',
              domain: 'ai.onnx.ml',
              input: ['row'],
              output: ['score'],
              attribute: treeAttributes(forest),
            },
            { name: 'probability', op_type: 'Sigmoid', input: ['score'], output: ['probability'] },
          ],
        },
      }),
    )
    .finish();
}

function floatColumn(name: string) {
  const shape = { dim: [{ dim_param: 'N' }, { dim_value: 1 }] };
  return { name, type: { tensor_type: { elem_type: elementType.float, shape } } };
}

/** All trees in the parallel lists of the operator: one entry per node, and one more per leaf for its value. */
function treeAttributes({ base, trees }: Forest) {
  const nodes = trees.flatMap((tree, treeId) =>
    tree.left.map((left, node) => ({
      treeId,
      node,
      isLeaf: left === 0,
      left,
      right: tree.right[node] ?? 0,
      feature: tree.feature[node] ?? 0,
      threshold: tree.threshold[node] ?? 0,
      value: tree.value[node] ?? 0,
    })),
  );
  const leaves = nodes.filter((node) => node.isLeaf);
  const ints = (name: string, values: number[]) => ({ name, type: 'INTS', ints: values });
  const floats = (name: string, values: number[]) => ({ name, type: 'FLOATS', floats: values });
  return [
    { name: 'n_targets', type: 'INT', i: 1 },
    floats('base_values', [base]),
    ints(
      'nodes_treeids',
      nodes.map((node) => node.treeId),
    ),
    ints(
      'nodes_nodeids',
      nodes.map((node) => node.node),
    ),
    ints(
      'nodes_featureids',
      nodes.map((node) => node.feature),
    ),
    floats(
      'nodes_values',
      nodes.map((node) => node.threshold),
    ),
    {
      name: 'nodes_modes',
      type: 'STRINGS',
      strings: nodes.map((node) => Buffer.from(node.isLeaf ? 'LEAF' : 'BRANCH_LEQ')),
    },
    ints(
      'nodes_truenodeids',
      nodes.map((node) => node.left),
    ),
    ints(
      'nodes_falsenodeids',
      nodes.map((node) => node.right),
    ),
    ints(
      'target_treeids',
      leaves.map((leaf) => leaf.treeId),
    ),
    ints(
      'target_nodeids',
      leaves.map((leaf) => leaf.node),
    ),
    ints(
      'target_ids',
      leaves.map(() => 0),
    ),
    floats(
      'target_weights',
      leaves.map((leaf) => leaf.value),
    ),
  ];
}
