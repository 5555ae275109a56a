// The pictures that the package ships for learning: some to rehearse, so that little is forgotten, and some to measure that.
// One safetensors file, made by scripts/build_package.mjs: bytes and labels of 28×28 pictures.
import { InkdigitError } from './errors.js';
import { bytesOf, fetchFile } from './files.js';
import { readHeader } from './safetensors.js';
import { frameSize } from './shapes.js';

const shipped = () => new URL('./weights/rehearsal.safetensors', import.meta.url);
const loads = new Map(); // URL → promise, so that it is fetched once

/**
 * → { replay, heldBack }, a dataset each. Fetched when first needed. heldBack stands for `of` pictures, each of its own for as
 * many as `weights` tells: those that are forgotten first for themselves alone, a sample of the others for all of these.
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
  const bytes = await bytesOf(await fetchFile(url, 'the pictures to rehearse'));
  try {
    const { tensors, metadata, data } = readHeader(bytes);
    const view = (name) => data.subarray(...tensors[name].data_offsets);
    const dataset = (name) => ({ images: view(`${name}.images`), labels: view(`${name}.labels`) });
    const [replay, heldBack] = [dataset('replay'), dataset('held_back')];
    for (const { images, labels } of [replay, heldBack]) {
      if (labels.length === 0 || images.length !== labels.length * frameSize) throw new Error('sizes do not fit');
    }
    const count = heldBack.labels.length;
    const [of, borders] = [Number(metadata.held_back_of), Number(metadata.held_back_borders)];
    if (!(of >= count && borders < count)) throw new Error('held_back_of or held_back_borders is wrong');
    const weights = Float64Array.from({ length: count }, (_, i) =>
      i < borders ? 1 : (of - borders) / (count - borders),
    );
    return { replay, heldBack: { ...heldBack, of, weights } };
  } catch (cause) {
    throw new InkdigitError('load', `${url} does not hold the pictures to rehearse (${cause.message}).`, { cause });
  }
}
