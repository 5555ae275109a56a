import { technicalDetails } from './technical_details.js';

/**
 * One message at a time for what went wrong, with a way out: a button to dismiss it or to try again. One that offers more than to dismiss
 * it comes back when a newer one is gone.
 */
export class MessageBar {
  #messages = []; // { text, detail, action, onAction }, of which the last is shown
  #bar;
  #text;
  #action;
  #leave;

  /**
   * `bar` has an element of the role alert (always there, empty at first) and the action button, and is a notice while there is a
   * message. `leave()`: puts the focus elsewhere when the button that has it goes.
   */
  constructor(bar, { leave }) {
    this.#leave = leave;
    this.#bar = bar;
    this.#text = bar.querySelector('[role=alert]');
    this.#action = bar.querySelector('button');
    this.#action.addEventListener('click', () => {
      const { onAction } = this.#messages.pop();
      this.#update();
      onAction?.();
    });
  }

  /** `detail`: the technical cause, if there is one. */
  show({ text, detail = '' }, { action = 'Dismiss', onAction = null } = {}) {
    this.#messages = [...this.#messages.filter((one) => one.onAction), { text, detail, action, onAction }];
    this.#update();
  }

  /** Puts the focus on the button. */
  focus() {
    this.#action.focus();
  }

  /** Hides what can be dismissed; a message that offers a way out stays until that is taken. */
  dismiss() {
    if (this.#newest?.onAction !== null) return;
    this.#messages.pop();
    this.#update();
  }

  hide() {
    this.#messages = [];
    this.#update();
  }

  get #newest() {
    return this.#messages[this.#messages.length - 1]; // as older browsers have it: it tells them that they are
  }

  #update() {
    const hadFocus = this.#action === document.activeElement;
    const shown = this.#newest;
    this.#bar.classList.toggle('notice', Boolean(shown));
    this.#action.hidden = !shown;
    this.#text.replaceChildren();
    if (shown) {
      this.#text.append(shown.text, ...(shown.detail ? [technicalDetails(shown.detail)] : []));
      this.#action.textContent = shown.action;
    } else if (hadFocus) {
      this.#leave();
    }
  }
}
