import { InkdigitError, inputError } from './errors.js';
import { checkPictureSize, describe } from './inputs.js';

/**
 * A picture as it is sent to the worker: → { message, transfer }. Done at once, so that a canvas is
 * taken as it looks now; nothing of the caller's is given away.
 */
export function toMessage(picture) {
  if (isA(picture, 'HTMLCanvasElement') || isA(picture, 'OffscreenCanvas')) {
    const { width, height } = picture;
    checkPictureSize(width, height);
    const copy = new OffscreenCanvas(width, height);
    copy.getContext('2d').drawImage(picture, 0, 0);
    const bitmap = copy.transferToImageBitmap();
    return { message: bitmap, transfer: [bitmap] };
  }
  const isPicture =
    isA(picture, 'Blob') || isA(picture, 'ImageBitmap') || (picture?.data && 'width' in picture && 'height' in picture);
  if (!isPicture) {
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

/** instanceof, for classes that not every place has (workers have no HTMLCanvasElement). */
const isA = (value, className) => globalThis[className] !== undefined && value instanceof globalThis[className];
