/** Ten bars: a list of ten texts ("4: 97 %"), each with a bar whose height style.css takes from --probability. */
export class ProbabilityChart {
  #items;

  constructor(list) {
    this.#items = Array.from({ length: 10 }, (_, digit) => {
      const item = document.createElement('li');
      item.append(part('digit', digit), part('bar', ''), part('value', ''));
      list.append(item);
      return item;
    });
    this.clear();
  }

  /** `probabilities`: ten shares, 0…1; `digit`: the winner. */
  show(probabilities, digit) {
    this.#items.forEach((item, i) => {
      item.style.setProperty('--probability', probabilities[i]);
      item.toggleAttribute('data-winner', i === digit);
      item.querySelector('.value').textContent = `${Math.round(probabilities[i] * 100)}%`;
    });
  }

  clear() {
    for (const item of this.#items) {
      item.style.setProperty('--probability', 0);
      item.removeAttribute('data-winner');
      item.querySelector('.value').textContent = '–';
    }
  }
}

function part(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}
