import { InkdigitError } from './errors.js';
import { describe } from './inputs.js';

/**
 * The caller's list of layers as the JSON of src/nn/architecture.h. Layers with weights that were
 * given no name are called conv1, conv2, … and dense1, dense2, … as in the shipped weights.
 * Whether the layers fit each other is for C++ to say.
 */
export function architectureJson(layers) {
  if (!Array.isArray(layers)) throw new InkdigitError('input', `layers: expected an array, got ${describe(layers)}`);
  const counts = { conv2d: 0, dense: 0 };
  const named = layers.map((layer) => {
    if (!(layer?.type in counts) || layer.name !== undefined) return layer;
    const prefix = layer.type === 'conv2d' ? 'conv' : 'dense';
    return { ...layer, name: `${prefix}${++counts[layer.type]}` };
  });
  return JSON.stringify({ input: [28, 28, 1], layers: named });
}
