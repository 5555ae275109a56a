/** The form of settings: presets, fields, what is wrong with them, and what they cost. */
import { pill } from '../controls.js';
import { estimateSeconds, needsOneThread, parameterCount } from './network_cost.js';
import { numberSettings, presetOf, presets, problemsOf } from './settings.js';
import { count, duration, plural } from '../quantities.js';

export class SettingsForm {
  #form;
  #presets;
  #ranges;
  #problems;
  #costs;
  #speed; // of an earlier run on this device

  /** `onStart(settings)`: Start was pressed and nothing is wrong. */
  constructor(form, { onStart }) {
    this.#form = form;
    this.#presets = form.querySelector('#train-presets');
    this.#ranges = form.querySelector('#train-ranges');
    this.#problems = form.querySelector('#train-problems');
    this.#costs = form.querySelector('#train-costs');
    for (const [id, { title }] of Object.entries(presets)) this.#presets.append(pill('preset', id, title));
    form.addEventListener('input', ({ target }) => {
      if (target.name === 'preset') this.fill(presets[target.value].settings);
      else this.#changed();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const problems = this.#changed();
      if (problems.length > 0) form.elements[problems[0].field].focus();
      else onStart(this.settings);
    });
    this.fill(presets.own.settings);
  }

  get settings() {
    const { elements } = this.#form;
    const settings = {};
    for (const name of Object.keys(presets.own.settings)) {
      const field = elements[name];
      if (field.type === 'checkbox') settings[name] = field.checked;
      else if (name in numberSettings) settings[name] = toNumber(field.value, numberSettings[name]);
      else settings[name] = name === 'pictures' ? Number(field.value) : field.value;
    }
    return settings;
  }

  fill(settings) {
    for (const [name, value] of Object.entries(settings)) {
      const field = this.#form.elements[name];
      if (!field) continue;
      if (field.type === 'checkbox') field.checked = value;
      else field.value = value;
    }
    this.#changed();
  }

  /** As if Start was pressed. */
  submit() {
    this.#form.requestSubmit();
  }

  /** Shows it to who filled it from elsewhere: the focus is on the preset that these settings are, or on the first. */
  reveal() {
    const [first, ...others] = this.#form.elements.preset;
    (others.find(({ checked }) => checked) ?? first).focus({ preventScroll: true });
    this.#form.scrollIntoView({ block: 'start' });
  }

  /** What an earlier run on this device has shown; see TrainingRun.speed. */
  setSpeed(speed) {
    this.#speed = speed;
    this.#changed();
  }

  /** → the problems. They are told where the first field is that is wrong. */
  #changed() {
    const { settings } = this;
    const problems = problemsOf(settings);
    for (const name of Object.keys(numberSettings)) {
      const isWrong = problems.some(({ field }) => field === name);
      const field = this.#form.elements[name];
      if (isWrong) {
        field.setAttribute('aria-invalid', 'true');
        field.setAttribute('aria-describedby', this.#problems.id);
      } else {
        field.removeAttribute('aria-invalid');
        field.removeAttribute('aria-describedby');
      }
    }
    const text = problems.map((problem) => problem.text).join(' ');
    if (this.#problems.textContent !== text) this.#problems.textContent = text;
    const place = problems.length > 0 ? this.#form.elements[problems[0].field].closest('label') : this.#ranges;
    if (place.nextElementSibling !== this.#problems) place.after(this.#problems);
    this.#ranges.hidden = !settings.augment;
    const preset = presetOf(settings);
    for (const radio of this.#form.elements.preset) radio.checked = radio.value === preset;
    this.#costs.textContent = problems.length > 0 ? '' : this.#describeCosts(settings);
    return problems;
  }

  #describeCosts(settings) {
    const isOnOne = globalThis.crossOriginIsolated && needsOneThread(settings); // where it could have had several
    const time = `${isOnOne ? 'at least' : 'about'} ${duration(estimateSeconds(settings, this.#speed))}`;
    const basis = this.#speed ? 'as fast as your last run' : 'a guess until a run has told how fast this device is';
    return [
      plural(parameterCount(settings), 'parameter'),
      `${time} (${basis})`,
      `${count(settings.pictures * settings.epochs)} pictures in all`,
      ...(isOnOne ? ['on one thread: several have too little memory for it'] : []),
    ].join(' · ');
  }
}

/** Also "0,001", as some write it, and "1,000" where there are no fractions. */
function toNumber(text, { whole }) {
  const digits = text.trim();
  if (digits === '') return NaN;
  const isGrouped = whole && /^\d{1,3}([,. \u2009\u202f]\d{3})+$/.test(digits);
  return Number(isGrouped ? digits.replace(/\D/g, '') : digits.replace(',', '.'));
}
