// What TypeScript is to know of <ink-digit> in JSX: copy this file beside your components. `onInput` and `onChange` are React's own;
// for `classify` and `failure` see README.md beside this folder.
import type { InkDigitElement } from 'inkdigit/element';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

// A server renders attributes alone, so these have the names that they have in HTML.
type Properties = Pick<InkDigitElement, 'name' | 'value' | 'required' | 'disabled' | 'readOnly' | 'length'> & {
  'accept-unsure': boolean;
  'base-url': string;
  'worker-url': string;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ink-digit': DetailedHTMLProps<HTMLAttributes<InkDigitElement>, InkDigitElement> & Partial<Properties>;
    }
  }
}
