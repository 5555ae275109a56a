// Importing this defines <ink-digit>, a form field that is drawn in. See element.d.ts. Where there is no document
// (a server that renders pages), or one that has no canvas or no fields of one's own (jsdom), it does nothing.
import { InkDigitElement } from './element/ink_digit.js';

const { customElements: registry, ElementInternals, CanvasRenderingContext2D } = globalThis;
const isComplete = ElementInternals?.prototype.setFormValue && CanvasRenderingContext2D;
if (registry && isComplete && !registry.get('ink-digit')) registry.define('ink-digit', InkDigitElement);

// Of two copies of the package in one page the first is the element's.
const Defined = registry?.get('ink-digit') ?? InkDigitElement;
export { Defined as InkDigitElement };
