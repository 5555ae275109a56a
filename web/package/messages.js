import { InkdigitError, inputError } from './errors.js';
import { checkPictureSize, describe } from './inputs.js';

/**
 * A picture as it is sent to the worker: → { message, transfer }. Done at once, so that a canvas is
 * taken as it looks now; nothing of the caller's is given away.
 */
export function toMessage(picture) {
  const tag = Object.prototype.toString.call(picture).slice(8, -1); // also of another window's objects
  if (tag === 'HTMLCanvasElement' || tag === 'OffscreenCanvas') {
    const { width, height } = picture;
    checkPictureSize(width, height);
    const copy = new OffscreenCanvas(width, height);
    copy.getContext('2d').drawImage(picture, 0, 0);
    const bitmap = copy.transferToImageBitmap();
    return { message: bitmap, transfer: [bitmap] };
  }
  // Pixels that were transferred away are none.
  const hasPixels = picture?.data?.length > 0 && 'width' in picture && 'height' in picture;
  if (!hasPixels && !['Blob', 'File', 'ImageBitmap'].includes(tag)) {
    throw inputError('picture', 'an ImageData, an ImageBitmap, a canvas or a Blob', describe(picture));
  }
  return { message: picture, transfer: [] };
}

/** What the caller may change or close before it is sent, as it is now. */
export function copyOf(value) {
  try {
    return structuredClone(value);
  } catch (cause) {
    throw new InkdigitError('input', `This cannot be copied (${cause.message}).`, { cause });
  }
}
