/** One message at a time for what went wrong, with a way out: a button to dismiss it or to try again. */
export class MessageBar {
  #text;
  #action;
  #leave;

  /**
   * `alert` (role alert, always there, empty at first) and the action button beside it, in `bar`. `leave()`: puts the focus elsewhere
   * when the button that has it goes.
   */
  constructor(bar, { leave }) {
    this.#leave = leave;
    this.#text = bar.querySelector('[role=alert]');
    this.#action = bar.querySelector('button');
    this.#action.addEventListener('click', () => {
      const onAction = this.onAction;
      this.hide();
      onAction?.();
    });
  }

  /** `detail` is for those who look into the cause. */
  show({ text, detail = '' }, { action = 'Dismiss', onAction = null } = {}) {
    const small = document.createElement('small');
    small.textContent = detail;
    this.#text.replaceChildren(text, small);
    this.#action.textContent = action;
    this.#action.hidden = false;
    this.onAction = onAction;
  }

  /** Puts the focus on the button. */
  focus() {
    this.#action.focus();
  }

  /** Hides what can be dismissed; a message that offers a way out stays until that is taken. */
  dismiss() {
    if (!this.onAction) this.hide();
  }

  hide() {
    const hadFocus = this.#action === document.activeElement;
    this.#text.replaceChildren();
    this.#action.hidden = true;
    if (hadFocus) this.#leave();
    this.onAction = null;
  }
}
