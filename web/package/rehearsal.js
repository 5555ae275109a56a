// The pictures that the package ships for learning: some to rehearse, so that little is forgotten, and some to measure that.
// One safetensors file, made by scripts/build_package.mjs: bytes and labels of 28×28 pictures.
import { InkdigitError } from './errors.js';
import { fetchFile } from './files.js';

const shipped = () => new URL('./weights/rehearsal.safetensors', import.meta.url);
const loads = new Map(); // URL → promise, so that it is fetched once

/**
 * → { replay, heldBack }, a dataset each. Fetched when first needed. heldBack has those of `heldBack.of` pictures that a lesson
 * may be forgotten on; the others are read right by a wide margin.
 */
export async function loadRehearsal(baseUrl) {
  const url = baseUrl ? new URL('weights/rehearsal.safetensors', baseUrl) : shipped();
  if (!loads.has(url.href)) {
    const load = fetchRehearsal(url);
    loads.set(url.href, load);
    load.catch(() => loads.delete(url.href)); // the next lesson tries again
  }
  return loads.get(url.href);
}

async function fetchRehearsal(url) {
  const response = await fetchFile(url, 'the pictures to rehearse');
  const bytes = await response.arrayBuffer();
  try {
    const { tensors, metadata } = readByteTensors(bytes);
    const dataset = (name) => ({ images: tensors[`${name}.images`], labels: tensors[`${name}.labels`] });
    const [replay, heldBack] = [dataset('replay'), dataset('held_back')];
    for (const { images, labels } of [replay, heldBack]) {
      if (labels.length === 0 || images.length !== labels.length * 784) throw new Error('sizes do not fit');
    }
    const of = Number(metadata.held_back_of);
    if (!(of >= heldBack.labels.length)) throw new Error('held_back_of is not their number');
    return { replay, heldBack: { ...heldBack, of } };
  } catch (cause) {
    throw new InkdigitError('load', `${url} does not hold the pictures to rehearse (${cause.message}).`, { cause });
  }
}

/** The tensors of bytes (U8) in a safetensors file: { name: Uint8Array }, and its metadata. Format: github.com/huggingface/safetensors. */
function readByteTensors(buffer) {
  const headerLength = Number(new DataView(buffer).getBigUint64(0, true));
  const { __metadata__: metadata, ...header } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, 8, headerLength)),
  );
  const view = ({ data_offsets: [begin, end] }) => new Uint8Array(buffer, 8 + headerLength + begin, end - begin);
  return {
    metadata: metadata ?? {},
    tensors: Object.fromEntries(Object.entries(header).map(([name, tensor]) => [name, view(tensor)])),
  };
}
