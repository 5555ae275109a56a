// What TypeScript is to know of <ink-digit> in JSX: copy this file beside your components.
import type { InkDigitElement, InkDigitEventMap } from 'inkdigit/element';
import type { DetailedHTMLProps, HTMLAttributes } from 'react';

type Properties = Pick<
  InkDigitElement,
  | ('name' | 'value' | 'required' | 'disabled' | 'readOnly' | 'length')
  | ('acceptUnsure' | 'baseUrl' | 'workerUrl' | 'classifier')
>;

/** React listens to whatever an element tells if the name is written as the element writes it: `onclassify`. */
type Listeners = {
  [Type in 'input' | 'change' | 'classify' | 'failure' as `on${Type}`]: (
    event: InkDigitEventMap[Type] & { currentTarget: InkDigitElement },
  ) => void;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'ink-digit': DetailedHTMLProps<HTMLAttributes<InkDigitElement>, InkDigitElement> &
        Partial<Properties & Listeners>;
    }
  }
}
