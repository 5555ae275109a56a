import { type ComponentProps, useState } from 'react';
import 'inkdigit/element';
import type {} from 'inkdigit/react'; // <ink-digit> in JSX

export function DigitField({ label, ...attributes }: { label: string } & ComponentProps<'ink-digit'>) {
  const [value, setValue] = useState('');
  return (
    <label>
      {label} <ink-digit {...attributes} onInput={(event) => setValue(event.currentTarget.value)} />
      <output>{value === '' ? 'nothing yet' : `you wrote ${value}`}</output>
    </label>
  );
}
