/**
 * What TypeScript is to know of `<ink-digit>` in React's JSX: `import type {} from 'inkdigit/react'`. `onInput` and `onChange` are React's own;
 * README.md tells how to hear `classify` and `failure`.
 */
import type { InkDigitElement } from './element.js';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

// A server renders attributes alone, so these have the names that they have in HTML.
type Properties = Pick<InkDigitElement, 'name' | 'value' | 'required' | 'disabled' | 'readOnly' | 'length'> & {
  'min-length': number;
  'accept-unsure': boolean;
  'base-url': string;
  'worker-url': string;
  form: string; // the id of one
  readonly: boolean;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ink-digit': DetailedHTMLProps<HTMLAttributes<InkDigitElement>, InkDigitElement> & Partial<Properties>;
    }
  }
}
