/** The digits in what was typed or set, as 0…9: those of all scripts count. */
const isDigit = (codePoint) => /\p{Nd}/u.test(String.fromCodePoint(codePoint));

/** Unicode's decimal digits stand in tens, from 0 to 9. */
function digitValue(character) {
  const codePoint = character.codePointAt(0);
  let value = 0;
  while (value < 9 && isDigit(codePoint - value - 1)) ++value;
  return value;
}

export const digitsOf = (text) => Array.from(text.normalize('NFKC').match(/\p{Nd}/gu) ?? [], digitValue).join('');
