import { createRoot } from 'react-dom/client';
import { DigitField } from './digit_field.tsx';

createRoot(document.body).render(<DigitField label="Floor" name="floor" required={true} />);
