/** The sheet of paper: a drawing pad that shows a sheet (see sheet.js), be it strokes or a picture. */
import { isEmpty } from './sheet.js';
import { DrawingPad } from './inkdigit/drawing.js';

export class SheetPad extends DrawingPad {
  #sheet;

  /** `handlers` as DrawingPad's. The canvas is square; its parent has `data-blank` while there is nothing on it. */
  constructor(canvas, sheet, handlers) {
    super(canvas, { ...handlers, drawBelow: (context) => this.#drawBelow(context) });
    this.#sheet = sheet;
  }

  show(sheet) {
    this.#sheet = sheet;
    this.strokes = sheet.strokes;
  }

  /** A picture makes way for a new drawing. */
  #drawBelow(context) {
    const { picture } = this.#sheet;
    context.canvas.parentElement.toggleAttribute('data-blank', isEmpty(this.#sheet) && !this.isDrawing);
    if (picture && !this.isDrawing) drawPicture(context, picture);
  }
}

function drawPicture(context, { image, paper, pixelated }) {
  const side = context.canvas.width;
  const scale = Math.min(side / image.width, side / image.height);
  const width = image.width * scale;
  const height = image.height * scale;
  const place = [(side - width) / 2, (side - height) / 2, width, height];
  if (paper) {
    context.fillStyle = paper;
    context.fillRect(...place);
  }
  context.imageSmoothingEnabled = !pixelated;
  context.drawImage(image, ...place);
}
