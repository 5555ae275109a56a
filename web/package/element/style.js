/** How an `<ink-digit>` looks: like the page's own fields, light or dark as its `color-scheme` says. */
const css = `
:host {
  --_size: var(--ink-digit-size, 10rem); /* height of the paper, and the width of a single digit */
  --_paper: var(--ink-digit-paper, Field);
  --_text: var(--ink-digit-text, FieldText);
  --_ink: var(--ink-digit-ink, FieldText);
  --_line: var(--ink-digit-line, GrayText);
  --_accent: var(--ink-digit-accent, Highlight);
  --_error: var(--ink-digit-error, FieldText);
  --_radius: var(--ink-digit-radius, 0.5rem);
  position: relative;
  display: inline-block;
  max-inline-size: 100%;
  vertical-align: bottom;
  color: var(--_text);
  font: inherit;
}
@supports (color: light-dark(#000, #fff)) {
  :host {
    --_paper: var(--ink-digit-paper, light-dark(#fdfdff, #151b33));
    --_text: var(--ink-digit-text, light-dark(#151a33, #eaedff));
    --_ink: var(--ink-digit-ink, light-dark(#1e2f97, #dfe6ff));
    --_line: var(--ink-digit-line, light-dark(#75809f, #7c88b4));
    --_accent: var(--ink-digit-accent, light-dark(#1f319c, #a9b9ff));
    --_error: var(--ink-digit-error, light-dark(#a3262f, #ff9aa0));
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }

.field {
  display: grid;
  overflow: hidden;
  border: 1px solid var(--_line);
  border-radius: var(--_radius);
  background: var(--_paper);
}
:host(:focus-within) .field { border-color: var(--_accent); box-shadow: 0 0 0 1px var(--_accent); }

.paper {
  grid-area: 1 / 1;
  position: relative;
  inline-size: var(--_size);
  max-inline-size: 100%;
  aspect-ratio: 1;
  border-block-end: 1px solid var(--_line);
}
.paper.several {
  --_cell: calc(100% / var(--_length));
  inline-size: calc(var(--ink-digit-size, 7rem) * 0.75 * var(--_length));
  aspect-ratio: calc(0.75 * var(--_length));
  background: repeating-linear-gradient(to right, transparent 0 calc(var(--_cell) - 1px), color-mix(in srgb, var(--_line) 45%, transparent) 0 var(--_cell));
}
canvas {
  display: block;
  inline-size: 100%;
  block-size: 100%;
  color: var(--_ink);
  touch-action: none;
  cursor: crosshair;
}
:host([state='digit']) canvas.overruled { opacity: 0.3; }
[part='invitation'] {
  position: absolute;
  inset: 0;
  display: grid;
  place-content: center;
  color: color-mix(in srgb, var(--_text) 72%, var(--_paper));
  text-align: center;
  pointer-events: none;
}
.notice {
  grid-area: 1 / 1;
  z-index: 1;
  align-self: end;
  inline-size: 0; /* takes the field's width, and adds nothing to it */
  min-inline-size: 100%;
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: center;
  gap: 0.25rem;
  padding: 0.25rem;
  color: var(--_error);
  font-size: 0.875em;
  line-height: 1.2;
  text-align: center;
  text-shadow: 0 0 3px var(--_paper), 0 0 3px var(--_paper);
  pointer-events: none;
}
.notice button { pointer-events: auto; }

.bar { grid-area: 2 / 1; display: flex; }
input {
  flex: 1;
  inline-size: 0; /* the paper says how wide the field is */
  min-inline-size: 2.5rem;
  block-size: 2.75rem;
  border: 0;
  padding: 0 0.25rem 0 0.75rem;
  background: none;
  color: inherit;
  font: inherit;
  font-size: 1.5em;
  font-weight: 700;
  font-variant-numeric: tabular-nums;
  letter-spacing: 0.05em;
  outline: none; /* the field has one */
}
button {
  flex: none;
  min-inline-size: 2.75rem; /* 44 px */
  block-size: 2.75rem;
  border: 0;
  border-radius: var(--_radius);
  padding: 0 0.5rem;
  background: none;
  color: inherit;
  font: inherit;
  cursor: pointer;
}
.notice button {
  border: 1px solid currentColor;
  background: var(--_paper);
  color: var(--_text);
  font-weight: 700;
}
button:hover { background: color-mix(in srgb, currentColor 12%, transparent); }
.notice button:hover { background: color-mix(in srgb, currentColor 12%, var(--_paper)); }
button:focus-visible { outline: 2px solid var(--_accent); outline-offset: -3px; }
button:disabled, button[aria-disabled='true'] { opacity: 0.35; background: none; cursor: default; }
svg {
  display: block;
  inline-size: 1.25rem;
  block-size: 1.25rem;
  margin: auto;
  fill: none;
  stroke: currentColor;
  stroke-width: 2;
  stroke-linecap: round;
  stroke-linejoin: round;
}
:host([state='unsure']) .field, :host([state='failed']) .field { border-color: var(--_error); }
:host(:disabled) { opacity: 0.55; }
:host(:disabled) canvas, :host(:disabled) button, :host([readonly]) canvas { cursor: not-allowed; }

.unseen {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

@media (forced-colors: active) {
  canvas { color: CanvasText; }
  button { border: 1px solid ButtonText; }
}
`;

let sheet;

/** One for all fields. A constructed sheet is neither inline nor fetched: no style-src forbids it. */
export function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}
