/** What was taught so far: the lessons with ways back and forth, the own symbols, and lessons as files. */
import { makeButton } from '../controls.js';
import { labelText } from '../label_words.js';
import { plural } from '../quantities.js';
import { KeptDrawings } from './kept_drawings.js';
import { baseOf, currentLesson, isShipped } from './lesson_book.js';
import { heldBackText, lessonTitle, timeText, troubleText } from './learning_words.js';

export class HistoryPanel {
  #list;
  #summary;
  #trouble;
  #words;
  #symbols; // the part of the panel that has them
  #undo;
  #reset;
  #saveSamples;
  #kept;
  #actions;
  #picture;

  /**
   * `actions`: onUndo, onReset, onGoTo(id), onRemoveSymbol(name), onSaveWeights, onSaveSamples, onImport(files),
   * onForget(sample), onPutBack(sample).
   * `picture(frame)` → a canvas.
   */
  constructor(root, actions, picture) {
    const part = (name) => root.querySelector(`.${name}`);
    this.#actions = actions;
    this.#picture = picture;
    this.#list = part('lesson-list');
    this.#summary = part('summary');
    this.#trouble = part('trouble');
    this.#words = part('panel-words');
    this.#symbols = part('symbols');
    this.#undo = part('undo-lesson');
    this.#reset = part('reset');
    this.#saveSamples = part('save-samples');
    this.#kept = new KeptDrawings(part('kept'), { ...actions, leave: () => this.#undo.focus() }, picture);
    const whenEnabled = (button, act) =>
      button.addEventListener('click', () => button.getAttribute('aria-disabled') === 'true' || act());
    whenEnabled(this.#undo, actions.onUndo);
    whenEnabled(this.#reset, actions.onReset);
    whenEnabled(this.#saveSamples, actions.onSaveSamples);
    part('save-weights').addEventListener('click', actions.onSaveWeights);
    const input = root.querySelector('input[type=file]');
    input.addEventListener('change', () => {
      const files = [...input.files];
      input.value = ''; // so that the same file can be chosen again
      if (files.length > 0) actions.onImport(files);
    });
  }

  /** `tutor`: what to show. */
  show({ book, canUndo, symbols, samples, trouble }) {
    // Not `disabled`: a button that has the focus must not lose it.
    this.#undo.setAttribute('aria-disabled', !canUndo);
    this.#reset.setAttribute('aria-disabled', isShipped(book));
    this.#saveSamples.setAttribute('aria-disabled', samples.length === 0);
    this.#trouble.textContent = troubleText(trouble);
    this.#summary.textContent = summaryText(book, samples);
    this.#kept.show(samples);
    const hadFocus = [this.#list, this.#symbols].some((list) => list.contains(document.activeElement));
    this.#showSymbols(symbols);
    const lessons = book.lessons.map((lesson) => this.#item(lesson, book));
    const shipped = this.#entry({ id: 0, title: 'The shipped network', detail: '', book });
    if (book.trimmed) shipped.dataset.gap = '';
    this.#list.replaceChildren(...[shipped, ...lessons].reverse());
    this.#list.hidden = lessons.length === 0;
    if (hadFocus) this.#undo.focus(); // the button that had it is gone
  }

  /** What came of a button here. */
  tell(text) {
    this.#words.textContent = text;
  }

  /** Shows what was told last to who looks elsewhere. */
  reveal() {
    this.#words.scrollIntoView({ block: 'nearest' });
  }

  #item(lesson, book) {
    const detail = [timeText(lesson.time), heldBackText(lesson.heldBack)].filter(Boolean).join(' · ');
    return this.#entry({ id: lesson.id, title: lessonTitle(lesson), detail, frame: lesson.frame, book });
  }

  #entry({ id, title, detail, frame, book }) {
    const item = document.createElement('li');
    const isUndone = id > book.current;
    item.toggleAttribute('data-undone', isUndone);
    const words = document.createElement('p');
    const small = document.createElement('small');
    small.textContent = [isUndone ? 'taken back' : '', detail].filter(Boolean).join(' · ');
    words.append(title, ' ', small);
    item.append(frame ? this.#picture(frame) : document.createElement('span'), words);
    if (id === book.current) {
      item.setAttribute('aria-current', 'step');
      const mark = document.createElement('strong');
      mark.textContent = 'In use';
      item.append(mark);
    } else {
      const text = isUndone ? 'Redo up to here' : 'Go back to here';
      const button = makeButton(text, () => this.#actions.onGoTo(id));
      button.setAttribute('aria-label', `${text}: ${title}`);
      item.append(button);
    }
    return item;
  }

  #showSymbols(names) {
    this.#symbols.hidden = names.length === 0;
    this.#symbols.querySelector('ul').replaceChildren(
      ...names.map((name) => {
        const item = document.createElement('li');
        const text = 'Forget this symbol';
        const button = makeButton(text, () => this.#actions.onRemoveSymbol(name));
        button.setAttribute('aria-label', `${text}: ${labelText(name)}`);
        item.append(labelText(name), button);
        return item;
      }),
    );
  }
}

function summaryText(book, samples) {
  const drawings =
    samples.length > 0 ? ` ${plural(samples.length, 'drawing')} of yours kept for the next lessons.` : '';
  if (book.lessons.length === 0) {
    return `Nothing yet. When a drawing is misread, say under the result what it is: it learns that here, on your device.${drawings}`;
  }
  if (!currentLesson(book)) return `The shipped network is in use; your lessons are taken back.${drawings}`;
  const { base, lessons } = baseOf(book);
  const taught = plural(lessons, 'lesson');
  if (!base) return `${taught}${book.trimmed ? ', and earlier ones that cannot be gone back to' : ''}.${drawings}`;
  const names = {
    training: base.title,
    import: `The network of ${base.title}`,
    reset: 'The shipped network',
  };
  const before = base.kind === 'reset' ? '; what came before stays in the list' : '';
  return `${names[base.kind]} is in use${lessons > 0 ? `, with ${taught} since` : before}.${drawings}`;
}
