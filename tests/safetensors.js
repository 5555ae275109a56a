import { readHeader } from '../web/package/safetensors.js';

/** The tensors of a safetensors file, all float32: name → { shape, values: Float32Array }. */
export function readSafetensors(buffer) {
  const { tensors, data } = readHeader(new Uint8Array(buffer));
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data_offsets: offsets }]) => [
      name,
      { shape, values: new Float32Array(data.slice(...offsets).buffer) },
    ]),
  );
}
