/** → what a program says of a failure, folded away: for those who look into the cause. */
export function technicalDetails(text) {
  const details = document.createElement('details');
  details.className = 'technical';
  const summary = document.createElement('summary');
  summary.textContent = 'Details';
  const words = document.createElement('p');
  words.textContent = text;
  details.append(summary, words);
  return details;
}
