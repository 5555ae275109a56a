/** The tensors of a safetensors file: name → { shape, values: Float32Array }. */
export function readSafetensors(buffer) {
  const headerBytes = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, headerBytes)));
  const tensors = {};
  for (const [name, { shape, data_offsets: [begin, end] = [] }] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const data = 8 + headerBytes;
    tensors[name] = { shape, values: new Float32Array(buffer.slice(data + begin, data + end)) };
  }
  return tensors;
}
