import { inputError } from './errors.js';
import { describe } from './inputs.js';
import { frameSide } from './shapes.js';

/**
 * The caller's list of layers as the JSON of src/nn/architecture.h. Layers with weights that were
 * given no name are called conv1, conv2, … and dense1, dense2, … as in the shipped weights.
 * Whether the layers fit each other is for C++ to say.
 */
export function architectureJson(layers) {
  if (!Array.isArray(layers)) throw inputError('layers', 'an array', describe(layers));
  const counts = { conv2d: 0, dense: 0 };
  const given = new Set(layers.map((layer) => layer?.name));
  const nextName = (type) => {
    const name = `${type === 'conv2d' ? 'conv' : 'dense'}${++counts[type]}`;
    return given.has(name) ? nextName(type) : name;
  };
  const named = layers.map((layer) =>
    !Object.hasOwn(counts, layer?.type) || layer.name !== undefined ? layer : { ...layer, name: nextName(layer.type) },
  );
  return JSON.stringify({ input: [frameSide, frameSide, 1], layers: named });
}
