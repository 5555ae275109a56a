/** Reads a tensor of float32 from a safetensors file (github.com/huggingface/safetensors): 8 bytes of length, a JSON header, the data. */

/** → { name, shape, data } of the first layer's weights: that whose inputs are pixels. */
export function firstLayerWeights(bytes) {
  const view = new DataView(bytes);
  const headerLength = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, headerLength)));
  const name = ['conv1.weight', 'dense1.weight'].find((tensor) => tensor in header);
  const { shape, data_offsets: offsets } = header[name];
  // Copied: the offset need not be a multiple of four.
  const data = new Float32Array(bytes.slice(8 + headerLength + offsets[0], 8 + headerLength + offsets[1]));
  return { name, shape, data };
}
