/**
 * The newest versions that the pinned ONNX Runtime reads: of the file format, and of each operator set that it carries
 * itself. Any other set needs a library of somebody else's code. A test holds them against the runtime.
 */
export const supportedVersions = {
  ir: 13,
  operatorSets: new Map([
    ['ai.onnx', 26],
    ['ai.onnx.ml', 5],
    ['com.microsoft', 1],
  ]),
};
