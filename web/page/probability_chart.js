/**
 * A bar for each class, ten digits and the symbols of one's own: a list of texts ("4: 97 %"), each with a bar whose height
 * draw.css takes from --probability.
 */
import { classNames, shareText } from './label_words.js';
import { best } from './ranking.js';

export class ProbabilityChart {
  #list;
  #names = [];
  #items = [];

  constructor(list) {
    this.#list = list;
    this.setSymbols([]);
  }

  /** Names of the classes after the ten digits. */
  setSymbols(names = []) {
    const all = classNames(names);
    if (all.join('\n') === this.#names.join('\n')) return;
    this.#names = all;
    this.#items = all.map((name) => {
      const item = document.createElement('li');
      item.title = name;
      item.append(part('digit', name), part('bar', ''), part('value', ''));
      return item;
    });
    this.#list.style.setProperty('--bars', all.length);
    this.#list.replaceChildren(...this.#items);
    this.clear();
  }

  /** `probabilities`: a share, 0…1, for each class; the largest wins. */
  show(probabilities) {
    const winner = best(probabilities);
    this.#items.forEach((item, i) => {
      const probability = probabilities[i] ?? 0;
      item.style.setProperty('--probability', probability);
      item.toggleAttribute('data-winner', i === winner);
      item.querySelector('.value').textContent = shareText(probability);
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
