// Importing this defines <ink-digit>, a form field that is drawn in. See element.d.ts. Where there is no document
// (a server that renders pages) it does nothing.
import { InkDigitElement } from './element/ink_digit.js';

export { InkDigitElement };

if (globalThis.customElements && !customElements.get('ink-digit')) customElements.define('ink-digit', InkDigitElement);
