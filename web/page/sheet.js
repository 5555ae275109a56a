/**
 * What lies on the pad: strokes, or a picture in their place. A sheet is never changed, only replaced
 * (so that undo is a matter of keeping the earlier one).
 *
 * A stroke is a list of points `{x, y, pressure}`: x and y in pad sides (0…1, y downwards), pressure 0…1
 * with 0.5 for devices that report none. A picture is `{name, image, paper?, width, height, source, pixelated}`: `image` is
 * drawn on the pad, on `paper` (a colour) if it is transparent; `source` (Blob or ImageData) is what the classifier gets, `width` and
 * `height` are the source's, in pixels.
 */
export const emptySheet = Object.freeze({ strokes: Object.freeze([]), picture: null });

export const isEmpty = (sheet) => sheet.strokes.length === 0 && !sheet.picture;

/** A stroke drawn over a picture starts a new drawing. */
export const withStroke = (sheet, stroke) => ({ strokes: [...sheet.strokes, stroke], picture: null });

export const withPicture = (picture) => ({ strokes: [], picture });
