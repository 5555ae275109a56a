import { drawnSize } from './drawn_size.js';
import { InkdigitError, inputError } from './errors.js';
import { describe, tagOf } from './inputs.js';

/** What is drawn on a canvas to have its pixels, and how its width and height are called. */
const drawables = {
  HTMLCanvasElement: ['width', 'height'],
  OffscreenCanvas: ['width', 'height'],
  HTMLImageElement: ['naturalWidth', 'naturalHeight'],
  HTMLVideoElement: ['videoWidth', 'videoHeight'],
  VideoFrame: ['displayWidth', 'displayHeight'],
};

/**
 * A picture, called `name` in errors, as it is sent to the worker: → { message, transfer }. Done at once, so that a canvas is
 * taken as it looks now; nothing of the caller's is given away.
 */
export function toMessage(picture, name = 'picture') {
  const tag = tagOf(picture);
  if (Object.hasOwn(drawables, tag)) {
    const message = toScaledBitmap(picture, name, ...drawables[tag].map((side) => picture[side]));
    return { message, transfer: [message.bitmap] };
  }
  if (['Blob', 'File', 'ImageBitmap'].includes(tag)) return { message: picture, transfer: [] };
  const { data, width, height } = picture ?? {};
  if (!(data?.length > 0) || width === undefined || height === undefined) {
    // transferred away
    throw inputError(
      name,
      'an ImageData, an ImageBitmap, a canvas, an image, a video or a Blob (of a URL: `await (await fetch(url)).blob()`)',
      describe(picture),
    );
  }
  return { message: { data: alone(data), width, height }, transfer: [] };
}

/** What is sent of a view: not all of a much larger buffer that it may lie in, which would be copied with it. */
export const alone = (view) =>
  ArrayBuffer.isView(view) && 2 * view.byteLength < view.buffer.byteLength ? view.slice() : view;

/** At once no larger than it is read, which spares the page's thread and memory; see toScaledPixels() in pictures.js. */
function toScaledBitmap(picture, name, width, height) {
  // An image and a video may have their size before they have pixels: a canvas draws nothing then, and says nothing.
  if (!(width > 0 && height > 0) || picture.complete === false || picture.readyState < 2) {
    throw inputError(
      name,
      "one of at least 1 pixel, which has loaded (`await image.decode()`, a video's `loadeddata`)",
      `${width} × ${height}`,
    );
  }
  try {
    const size = drawnSize(width, height);
    const copy = new OffscreenCanvas(size.width, size.height);
    const context = copy.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, copy.width, copy.height);
    return { bitmap: copy.transferToImageBitmap(), scale: size.scale };
  } catch (cause) {
    throw inputError(name, 'one that can be drawn', `${width} × ${height} (${cause.message})`, { cause });
  }
}

/** What the caller may change or close before it is sent, as it is now. */
export function copyOf(value, name) {
  try {
    return structuredClone(alone(value));
  } catch (cause) {
    throw notCopied(cause, [value], name);
  }
}

/** What to throw where these values could not be copied, for this reason. */
export function notCopied(cause, values, name = 'picture') {
  // All that keeps a bitmap that was not closed from being copied.
  const isForeign = values.some((value) => tagOf(value) === 'ImageBitmap' && value.width > 0);
  const message = isForeign
    ? `${name}: it holds an image from another origin. Load that image with \`crossorigin\`, from a server that allows it (CORS).`
    : `This cannot be copied (${cause.message}).`;
  return new InkdigitError('input', message, { cause });
}
