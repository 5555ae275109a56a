// Importing this defines <ink-digit>, a form field that is drawn in. See element.d.ts. Where there is no document
// (a server that renders pages) it does nothing.
import { InkDigitElement } from './element/ink_digit.js';

const registry = globalThis.customElements;
if (registry && !registry.get('ink-digit')) registry.define('ink-digit', InkDigitElement);

// Of two copies of the package in one page the first is the element's.
const Defined = registry?.get('ink-digit') ?? InkDigitElement;
export { Defined as InkDigitElement };
