/** Pictures from outside: a chosen file, one dropped anywhere onto the page, one pasted. */
import { megabytes } from './quantities.js';

const largestFile = 25e6; // bytes
/** Longest side of the preview, in pixels; the classifier gets the file itself. */
const previewSide = 1200;

/** A picture that cannot be used; its message says what to do. */
class PictureError extends Error {}

/** Calls `onFiles(files)` for the files that come in together, and `onError(PictureError)` when there is none in what came. */
export function listenForFiles({ input, dropTarget, onFiles, onError }) {
  const take = (files, emptyMessage) => {
    if (files.length > 0) onFiles([...files]);
    else onError(new PictureError(emptyMessage));
  };

  input.addEventListener('change', () => {
    if (input.files.length > 0) onFiles([...input.files]);
    input.value = ''; // so that the same file can be chosen again
  });

  document.addEventListener('paste', (event) => {
    const { files, types } = event.clipboardData;
    const hasText = files.length === 0 || types.includes('text/plain'); // some programs copy a picture of it, too
    if (hasText && isField(event.target)) return;
    event.preventDefault();
    take(files, 'The clipboard holds no picture. Copy a picture, then paste it here.');
  });

  // Links and text are dragged, too.
  const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files') === true;
  // dragenter and dragleave come for every element on the way: the depth tells when the page itself is left.
  let depth = 0;
  const setDepth = (value) => {
    depth = value;
    dropTarget.hidden = depth === 0;
  };
  document.addEventListener('dragenter', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDepth(depth + 1);
  });
  document.addEventListener('dragleave', () => setDepth(Math.max(0, depth - 1)));
  const isForField = (event) => !hasFiles(event) && isField(event.target);
  // What this leaves alone the browser opens itself, unless a field takes it.
  document.addEventListener('dragover', (event) => isForField(event) || event.preventDefault());
  document.addEventListener('drop', (event) => {
    if (isForField(event)) return;
    event.preventDefault();
    setDepth(0);
    take(event.dataTransfer.files, 'That was not a file. Save the picture first, then drop the file here.');
  });
}

const isField = (element) => Boolean(element.closest?.('input, textarea'));

/** Opens a file as a picture for the pad (see sheet.js). Throws PictureError for what is no usable picture. */
export async function openPicture(file) {
  const name = file.name || 'The pasted picture';
  if (file.size > largestFile) {
    const [size, most] = [file.size, largestFile].map((bytes) => megabytes(bytes, 0));
    throw new PictureError(`${name} is too large (${size}). Choose a picture under ${most}.`);
  }
  if (file.type && !file.type.startsWith('image/')) {
    throw new PictureError(`${name} is not a picture. Choose a PNG or JPEG file.`);
  }
  if (file.type === 'image/svg+xml') {
    throw new PictureError(
      `${name} is an SVG drawing, which has no pixels of its own. Save it as PNG, and choose that.`,
    );
  }
  try {
    return { name, ...(await decode(file)), source: file, pixelated: false };
  } catch {
    throw new PictureError(
      `${name} could not be opened: it is damaged, or no picture this browser knows. ` +
        'Choose another file, or save it again as PNG or JPEG.',
    );
  }
}

/** → the preview as an `image`, the `paper` it is shown on, and the `width` and `height` of the picture itself, in pixels. */
async function decode(file) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' }); // as its EXIF data says
  const { width, height } = image;
  const longest = Math.max(width, height);
  if (longest <= previewSide) return { image, width, height, paper: paperFor(image) };
  try {
    const preview = await createImageBitmap(image, {
      resizeWidth: Math.max(1, Math.round((width * previewSide) / longest)),
      resizeHeight: Math.max(1, Math.round((height * previewSide) / longest)),
      resizeQuality: 'high',
    });
    return { image: preview, width, height, paper: paperFor(preview) };
  } finally {
    image.close();
  }
}

/** What a transparent picture can be seen on, white or black; null for one that nothing shows through. */
function paperFor(image) {
  const side = 32; // as many pixels as it takes
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  let light = 0;
  let opaque = 0;
  for (let i = 0; i < data.length; i += 4) {
    opaque += data[i + 3];
    light += (data[i + 3] * (data[i] + data[i + 1] + data[i + 2])) / 3;
  }
  if (opaque === 255 * side * side) return null;
  return light > 127 * opaque ? 'black' : 'white';
}
