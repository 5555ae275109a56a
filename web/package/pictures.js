// From the pictures that browsers know to the pixels that the engine reads. Runs in the worker.
import { drawnSize } from './drawn_size.js';
import { InkdigitError, inputError } from './errors.js';
import { checkPictureSize } from './inputs.js';

/** Largest image file taken, in bytes. */
const mostFileBytes = 64e6;

let canvas; // kept, since making one costs more than reading a small picture

/** ImageData (or the like) as it is; ImageBitmap, which is closed, Blob, or what messages.js makes of others → ImageData. */
export async function toPixels(picture) {
  return (await toScaledPixels(picture)).pixels;
}

/** The same, with the scale at which large pictures were drawn: → { pixels, scale }, scale in 0…1. */
export async function toScaledPixels(picture) {
  if (picture instanceof Blob) return drawAndClose(await decode(picture));
  if (picture instanceof ImageBitmap) return drawAndClose(picture);
  if (picture.bitmap) return { ...drawAndClose(picture.bitmap), scale: picture.scale }; // drawn at a scale already
  return { pixels: picture, scale: 1 };
}

export const scaleBox = ({ x, y, width, height }, scale) => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});

async function decode(blob) {
  if (blob.size > mostFileBytes) {
    throw inputError('picture', 'a file of at most 64 MB', `${(blob.size / 1e6).toFixed(0)} MB`);
  }
  try {
    return await createImageBitmap(blob, { imageOrientation: 'from-image' }); // as its EXIF data says
  } catch (cause) {
    const type = blob.type ? `, type ${blob.type}` : '';
    throw new InkdigitError(
      'input',
      `This file (${blob.size} bytes${type}) is not a picture this browser can read. PNG, JPEG and WebP files are.`,
      { cause },
    );
  }
}

function drawAndClose(bitmap) {
  try {
    const { width, height, scale } = drawnSize(bitmap.width, bitmap.height);
    checkPictureSize(bitmap.width && width, bitmap.height && height); // a closed bitmap is 0 × 0
    canvas ??= new OffscreenCanvas(width, height);
    canvas.width = width; // clears it, too
    canvas.height = height;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    return { pixels: context.getImageData(0, 0, width, height), scale };
  } finally {
    bitmap.close();
  }
}
