// The header of a safetensors file. Format: github.com/huggingface/safetensors.

/**
 * Bytes of a file → { metadata, tensors: { name: { dtype, shape, data_offsets } }, data: the bytes that the offsets count in }.
 * An Error if they are none; of tensors and metadata nothing is checked.
 */
export function readHeader(bytes) {
  const { buffer, byteOffset } = bytes;
  const length = Number(new DataView(buffer, byteOffset, bytes.byteLength).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const { __metadata__: metadata = {}, ...tensors } = JSON.parse(text);
  return { metadata, tensors, data: bytes.subarray(8 + length) };
}
