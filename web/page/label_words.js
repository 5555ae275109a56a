/** Labels as the page says them: digits, as numbers or text, and names of symbols, which are never a lone digit. */
const isDigit = (label) => /^\d$/.test(label);

/** In a list: 7, or “tick”. */
export const labelText = (label) => (isDigit(label) ? `${label}` : `“${label}”`);

/** In a sentence: a 7, an 8, “tick”. */
export const oneLabel = (label) => (isDigit(label) ? `${Number(label) === 8 ? 'an' : 'a'} ${label}` : `“${label}”`);
