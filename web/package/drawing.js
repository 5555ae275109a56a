// The parts of a drawing pad, which the page and <ink-digit> are made of. See drawing.d.ts.
export { boxAround } from './drawing/box.js';
export { DrawingPad } from './drawing/drawing_pad.js';
export { LiveReader } from './drawing/live_reader.js';
export { oncePerFrame } from './drawing/once_per_frame.js';
export { attachPointerPen } from './drawing/pointer_pen.js';
export { groupStrokes } from './drawing/stroke_groups.js';
export { extendStroke } from './drawing/stroke_growth.js';
export { readStrokes } from './drawing/stroke_reader.js';
export { drawStrokes, renderForClassifier } from './drawing/stroke_renderer.js';
