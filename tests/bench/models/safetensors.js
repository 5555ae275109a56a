/**
 * The tensors of a safetensors file: name → { shape, values: Float32Array }. The temperature by which inkdigit divides the last
 * layer's outputs before the softmax is worked into that layer here, so that the other libraries, which know none, say the same.
 */
export function readSafetensors(buffer) {
  const headerBytes = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, headerBytes)));
  const temperature = Number(header.__metadata__?.temperature ?? 1);
  const tensors = {};
  for (const [name, { shape, data_offsets: [begin, end] = [] }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const data = 8 + headerBytes;
    const values = new Float32Array(buffer.slice(data + begin, data + end));
    tensors[name] = { shape, values: name.startsWith('dense2.') ? values.map((v) => v / temperature) : values };
  }
  return tensors;
}
