// <ink-digit> in pages that do something with it: frameworks that write values back, listeners and classifiers of their own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  draw,
  eventsToEnd,
  field,
  press,
  scribble,
  sentCount,
  useElements,
  value,
  waitForState,
  waitForValue,
} from './element_support.mjs';
import { drawnFour, drawnOne } from './support.mjs';

const { openWith } = useElements();

describe('a page that sets the value', () => {
  test('to what it is already does not touch the drawing, as frameworks do after each event', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await field(page).evaluate((element) => {
      element.addEventListener('input', () => (element.value = `${element.value}`));
    });
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    assert.equal(await field(page).evaluate((element) => element.strokes.length), drawnFour.length);
    await field(page).evaluate((element) => element.clear());
    assert.deepEqual(await field(page).evaluate(({ value, strokes }) => [value, strokes.length]), ['', 0]);
  });

  test('to nothing leaves ink that nobody can read, and clear() takes it away', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    await field(page).evaluate((element) => (element.value = ''));
    assert.deepEqual(await field(page).evaluate(({ state, strokes }) => [state, strokes.length]), ['unsure', 1]);
    await field(page).evaluate((element) => element.clear());
    assert.deepEqual(await field(page).evaluate(({ state, strokes }) => [state, strokes.length]), ['blank', 0]);
  });

  test('in digits of any script has them as 0 to 9; who types may write so, too', async (t) => {
    const page = await openWith(t, '<ink-digit length="4" aria-label="Year"></ink-digit>');
    await field(page).evaluate((element) => (element.value = '٢०７ 6x'));
    assert.equal(await value(page), '2076');
    await field(page).evaluate((element) => element.clear());
    await field(page).focus();
    await page.keyboard.insertText('٤');
    assert.equal(await value(page), '4');
  });
});

test('while a stroke is drawn the form has the value that the field has', async (t) => {
  const page = await openWith(t, '<form><ink-digit name="floor" aria-label="Floor"></ink-digit></form>');
  await page.evaluate(() => {
    globalThis.told = [];
    addEventListener('input', ({ target }) => {
      globalThis.told.push([target.value, new FormData(target.form).get('floor'), target.checkValidity()]);
    });
  });
  await press(page, drawnOne[0]);
  await page.waitForFunction(() => globalThis.told.length > 0);
  await page.mouse.up();
  for (const [shown, inForm] of await page.evaluate(() => globalThis.told)) assert.equal(inForm, shown);
});

test('a value that a newer stroke may have changed is not valid until that is read', async (t) => {
  const page = await openWith(t, '<form><ink-digit name="floor" aria-label="Floor"></ink-digit></form>');
  await field(page).evaluate((element) => {
    const reading = (digit) => ({
      ...{ digit, label: `${digit}`, confidence: 1, state: 'digit', energy: 9, frame: new Uint8Array(784) },
      probabilities: Float32Array.from({ length: 10 }, (_, i) => (i === digit ? 1 : 0)),
    });
    const waiting = [];
    element.classifier = { classify: () => new Promise((resolve) => waiting.push(resolve)) };
    globalThis.answer = (digit) => waiting.splice(0).forEach((resolve) => resolve(reading(digit)));
  });
  const now = () => field(page).evaluate(({ value, state, validity }) => [value, state, validity.valid]);
  await draw(page, drawnOne);
  await page.evaluate(() => globalThis.answer(1)); // of the first points
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  await page.evaluate(() => globalThis.answer(1)); // of the last
  await waitForState(page, 'digit');
  assert.deepEqual(await now(), ['1', 'digit', true]);
  await draw(page, [drawnFour[0]]);
  assert.deepEqual(await now(), ['1', 'reading', false]);
});

test('a value that was read of less ink than there is is none yet: the field is not valid, and change tells of the last', async (t) => {
  const body = '<form><ink-digit name="floor" aria-label="Floor"></ink-digit></form>';
  const page = await openWith(t, body, { ownClock: true });
  await field(page).evaluate((element) => {
    globalThis.readings = []; // those that wait to be told, as functions that tell them
    const classify = async (picture) => {
      const { createClassifier } = await import('./inkdigit/index.js');
      globalThis.classifier ??= createClassifier();
      const reading = await (await globalThis.classifier).classify(picture);
      return new Promise((resolve) => globalThis.readings.push(() => resolve(reading)));
    };
    element.classifier = { classify };
    globalThis.told = [];
    for (const type of ['classify', 'input', 'change']) {
      element.addEventListener(type, () => globalThis.told.push([type, element.state, element.checkValidity()]));
    }
  });
  const told = (type) => page.evaluate((type) => globalThis.told.filter(([one]) => one === type), type);
  /** Has the next reading told, after a time in which a drawing would settle. */
  const tellNext = async () => {
    await page.waitForFunction(() => globalThis.readings.length > 0);
    await page.clock.fastForward(1000);
    await page.evaluate(() => globalThis.readings.shift()());
  };
  await draw(page, drawnFour);
  await page.evaluate(() => document.activeElement.blur());
  await tellNext();
  await page.waitForFunction(() => globalThis.told.length > 0);
  assert.deepEqual((await told('classify'))[0], ['classify', 'reading', false]);
  await tellNext();
  await waitForState(page, 'digit');
  await page.clock.fastForward(1000);
  assert.equal(await value(page), '4');
  for (const type of ['input', 'change']) assert.deepEqual(await told(type), [[type, 'digit', true]]);
});

for (const type of ['keydown', 'keypress']) {
  test(`Enter sends nothing where the page prevents its ${type}`, async (t) => {
    const page = await openWith(t, '<form><ink-digit value="4" aria-label="Floor"></ink-digit></form>');
    await field(page).press('Enter');
    assert.equal(await sentCount(page), 1);
    await field(page).evaluate((element, type) => {
      element.addEventListener(type, (event) => event.key === 'Enter' && event.preventDefault());
    }, type);
    await field(page).press('Enter');
    assert.equal(await sentCount(page), 1);
  });
}

describe('a page that prevents', () => {
  for (const [type, on] of [
    ['beforeinput', 'element'],
    ['keydown', 'element'],
    ['keydown', 'document'],
  ]) {
    test(`${type} on the ${on} lets nothing be typed or erased`, async (t) => {
      const page = await openWith(t, '<ink-digit value="4" aria-label="Floor"></ink-digit>');
      await field(page).evaluate(
        (element, [type, on]) => {
          const target = on === 'element' ? element : document;
          target.addEventListener(type, (event) => event.preventDefault());
        },
        [type, on],
      );
      for (const key of ['7', 'Backspace', 'Delete']) {
        await field(page).focus();
        await page.keyboard.press(key);
        assert.equal(await value(page), '4', key);
        assert.equal(await field(page).getByRole('textbox').inputValue(), '4', key);
      }
      assert.deepEqual(await page.evaluate(() => globalThis.events), []);
    });
  }

  test('keydown keeps the ink that nobody can read', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    const strokeCount = () => field(page).evaluate(({ strokes }) => strokes.length);
    const prevent = await page.evaluateHandle(() => (event) => event.preventDefault());
    await prevent.evaluate((listener) => document.addEventListener('keydown', listener));
    for (const key of ['Backspace', 'Control+Z']) await field(page).press(key);
    assert.equal(await strokeCount(), 1);
    await prevent.evaluate((listener) => document.removeEventListener('keydown', listener));
    await field(page).press('Backspace');
    assert.equal(await strokeCount(), 0);
  });
});

test('a page that lets nobody else hear of keys leaves those of the ink in use', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
  await page.evaluate(() =>
    document.querySelector('main').addEventListener('keydown', (event) => event.stopPropagation()),
  );
  const hasStrokes = (count) =>
    page.waitForFunction((count) => document.querySelector('ink-digit').strokes.length === count, count);
  await draw(page, drawnFour);
  await hasStrokes(2);
  await field(page).press('Control+Z');
  await hasStrokes(1);
  await draw(page, scribble);
  await hasStrokes(2);
  await waitForState(page, 'unsure');
  await field(page).press('Delete');
  await hasStrokes(0);
});

test('Ctrl+Z is the key where it stands, where the keyboard has no Latin letters', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
  await draw(page, drawnFour);
  const strokesAfter = (keys) =>
    page.getByRole('textbox').evaluate(async (input, keys) => {
      const init = { ctrlKey: true, bubbles: true, composed: true, ...keys };
      input.dispatchEvent(new KeyboardEvent('keydown', init));
      await new Promise((resolve) => setTimeout(resolve)); // the page might prevent it
      return document.querySelector('ink-digit').strokes.length;
    }, keys);
  assert.equal(await strokesAfter({ key: 'y', code: 'KeyZ' }), 2, 'a German keyboard');
  assert.equal(await strokesAfter({ key: 'я', code: 'KeyZ', altKey: true }), 2, 'AltGr');
  assert.equal(await strokesAfter({ key: 'я', code: 'KeyZ' }), 1, 'a Russian one');
  assert.equal(await strokesAfter({ key: 'z', code: 'KeyY' }), 0);
});

test('the state attribute comes back where a page that is brought in line with its server’s loses it', async (t) => {
  const page = await openWith(t, '<ink-digit value="4" aria-label="Floor"></ink-digit>');
  const states = await field(page).evaluate((element) => {
    const state = () => element.getAttribute('state');
    element.removeAttribute('state');
    const removed = state();
    element.setAttribute('state', 'blank');
    return [removed, state()];
  });
  assert.deepEqual(states, ['digit', 'digit']);
});

test('a suggestion stays when the page answers an event, so that it can be pressed', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
  await draw(page, scribble);
  await waitForState(page, 'unsure');
  const suggestion = page.getByRole('button', { name: /^It is \d$/ }).first();
  await suggestion.focus();
  await field(page).evaluate((element) => {
    element.setCustomValidity('');
    element.required = true;
  });
  assert.ok(await suggestion.evaluate((element) => element.matches(':focus')));
});

test('accept-unsure, set when something unsure lies there, takes it', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
  await draw(page, scribble);
  await waitForState(page, 'unsure');
  await field(page).evaluate((element) => (element.acceptUnsure = true));
  await page.waitForFunction(() => /^\d$/.test(document.querySelector('ink-digit').value));
});

test('the form attribute may be set as a property', async (t) => {
  const page = await openWith(t, '<form id="other"></form><ink-digit aria-label="Floor"></ink-digit>');
  const formOf = (id) => field(page).evaluate((element, id) => ((element.form = id), element.form?.id), id);
  assert.equal(await formOf('other'), 'other');
  assert.equal(await formOf(null), undefined);
});

test('what another version, or another page, left in the history is not taken', async (t) => {
  const page = await openWith(t, '<form><ink-digit value="3" aria-label="Floor"></ink-digit></form>');
  const stroke = [{ x: 0.5, y: 0.5, pressure: 0.5 }];
  for (const text of [
    'floor=4',
    JSON.stringify({ value: '4', isTyped: false, strokes: [stroke, []], state: 'digit' }),
  ]) {
    const now = await field(page).evaluate((element, text) => {
      element.formStateRestoreCallback(text, 'restore');
      return [element.value, element.state, element.strokes.length];
    }, text);
    assert.deepEqual(now, ['3', 'digit', 0]);
  }
});

test('what the browser fills in by itself is typed, and takes the ink away', async (t) => {
  const page = await openWith(t, '<form><ink-digit name="floor" aria-label="Floor"></ink-digit></form>');
  await draw(page, drawnOne);
  await waitForValue(page, '1');
  const now = await field(page).evaluate((element) => {
    element.formStateRestoreCallback('7', 'autocomplete');
    return [element.value, element.state, element.strokes.length, new FormData(element.form).get('floor')];
  });
  assert.deepEqual(now, ['7', 'digit', 0, '7']);
});

describe('a classifier of the page’s own', () => {
  const drawWith = async (t, classify, attributes = '') => {
    const page = await openWith(t, `<ink-digit ${attributes} aria-label="Floor"></ink-digit>`);
    await field(page).evaluate((element, classify) => {
      globalThis.answer = classify;
      element.classifier = { classify: async () => globalThis.answer };
    }, classify);
    await draw(page, drawnOne);
    return page;
  };

  test('may tell no more than a digit, as one for tests does', async (t) => {
    const page = await drawWith(t, { digit: 7, state: 'digit', confidence: 1 });
    await waitForValue(page, '7');
    await page.waitForFunction(() => globalThis.events.at(-1) === 'change');
  });

  test('that is not sure of its digit, and tells no more, has it offered', async (t) => {
    const page = await drawWith(t, { digit: 7, state: 'unsure', confidence: 0.4 });
    await waitForState(page, 'unsure');
    await page.getByRole('button', { name: 'It is 7' }).click();
    assert.equal(await value(page), '7');
  });

  for (const answer of [undefined, {}, { digit: null, state: 'digit', confidence: 1 }]) {
    test(`that answers ${JSON.stringify(answer)} is a failure, which says so`, async (t) => {
      const page = await drawWith(t, answer);
      await waitForState(page, 'failed');
      assert.ok((await page.evaluate(() => globalThis.events)).includes('failure'));
      assert.match(await field(page).evaluate(({ error }) => error.message), /^The classifier's answer/);
    });
  }
});

test('what a developer holds has a name of its own, so that Vue, whose proxies hide private members, leaves it alone', async (t) => {
  const page = await openWith(t, '<canvas></canvas>');
  const names = await page.evaluate(async () => {
    const [{ createClassifier, createTrainer }, { loadEngine }, { loadReader }, { DrawingPad, LiveReader }] =
      await Promise.all(['index', 'engine', 'reader', 'drawing'].map((name) => import(`./inkdigit/${name}.js`)));
    const held = await Promise.all([createClassifier(), createTrainer(), loadEngine({ weights: null }), loadReader()]);
    held.push(new DrawingPad(document.querySelector('canvas')), new LiveReader({}));
    return held.map((one) => Object.prototype.toString.call(one)); // what Vue asks
  });
  const classes = ['Classifier', 'Trainer', 'Engine', 'Reader', 'DrawingPad', 'LiveReader'];
  assert.deepEqual(
    names,
    classes.map((name) => `[object ${name}]`),
  );
});

describe('a field that the user may no longer change', () => {
  for (const property of ['readOnly', 'disabled']) {
    test(`keeps its value while it is ${property}: what was drawn is read afterwards`, async (t) => {
      const body = '<form><ink-digit name="floor" hidden aria-label="Floor"></ink-digit></form>';
      const page = await openWith(t, body, { ownClock: true });
      let bringFiles;
      const asked = new Promise((resolve) => {
        page.context().route('**/inkdigit/worker.js', (route) => {
          bringFiles = () => route.continue();
          resolve();
        });
      });
      const set = (isSet) =>
        field(page).evaluate((element, change) => Object.assign(element, change), { [property]: isSet });
      await field(page).evaluate((element) => (element.hidden = false));
      await draw(page, drawnFour);
      await asked;
      await set(true);
      const loading = page.getByText('Loading…');
      assert.equal(await loading.isVisible(), true);
      await bringFiles();
      await loading.waitFor({ state: 'hidden' });
      await eventsToEnd(page);
      assert.equal(await value(page), '');
      assert.deepEqual(await page.evaluate(() => globalThis.events), []);
      await set(false);
      await waitForValue(page, '4');
      await page.waitForFunction(() => globalThis.events.at(-1) === 'change');
    });

    test(`takes no more ink from a stroke in the middle of which it became ${property}`, async (t) => {
      const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { ownClock: true });
      await press(page, drawnOne[0].slice(0, 3));
      await waitForValue(page, '1');
      const lastPoint = () => field(page).evaluate(({ strokes }) => strokes[0].at(-1));
      const before = await lastPoint();
      await field(page).evaluate((element, change) => Object.assign(element, change), { [property]: true });
      await page.evaluate(() => (globalThis.events = []));
      await page.mouse.move(5, 5, { steps: 4 });
      await page.mouse.up();
      await eventsToEnd(page);
      assert.deepEqual(await lastPoint(), before);
      assert.equal(await value(page), '1');
      assert.deepEqual(await page.evaluate(() => globalThis.events), []);
    });
  }

  test('fetches the classifier once the user may, if it is in view', async (t) => {
    const page = await openWith(t, '<fieldset disabled><ink-digit aria-label="Floor"></ink-digit></fieldset>');
    // The field has been told by then that it is in view.
    await field(page).evaluate(
      (element) => new Promise((resolve) => new IntersectionObserver(() => resolve()).observe(element)),
    );
    const fetched = page.waitForRequest('**/*.safetensors.gz', { timeout: 5000 });
    await page.evaluate(() => (document.querySelector('fieldset').disabled = false));
    await fetched;
  });
});

test('properties set before the element is defined are kept', async (t) => {
  const page = await openWith(t, '');
  const got = await page.evaluate(() => {
    const element = document.createElement('ink-digit');
    // As if it had not been defined yet.
    Object.defineProperty(element, 'value', { value: '6', configurable: true, writable: true, enumerable: true });
    Object.defineProperty(element, 'length', { value: 3, configurable: true, writable: true, enumerable: true });
    document.body.append(element);
    return [element.value, element.length, element.getAttribute('length')];
  });
  assert.deepEqual(got, ['6', 3, '3']);
});

test('a length that is none is 1, and there are 20 digits at most', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
  const lengths = { 0: 1, '-3': 1, five: 1, '': 1, 20: 20, 21: 20, 2.9: 2 };
  for (const [attribute, length] of Object.entries(lengths)) {
    const got = await field(page).evaluate((element, attribute) => {
      element.setAttribute('length', attribute);
      return [element.length, element.minLength, element.shadowRoot.querySelectorAll('.cell').length];
    }, attribute);
    assert.deepEqual(got, [length, length, length], `length="${attribute}"`);
  }
});

test('attributes and properties are one', async (t) => {
  const page = await openWith(t, '');
  const got = await page.evaluate(() => {
    const element = document.createElement('ink-digit');
    Object.assign(element, {
      name: 'n',
      required: true,
      readOnly: true,
      length: 4,
      minLength: 2,
      acceptUnsure: true,
      baseUrl: '/x/',
    });
    const { outerHTML, length, minLength, type } = element;
    element.minLength = 5;
    return [outerHTML, length, minLength, type, element.minLength];
  });
  assert.match(got[0], /name="n"/);
  for (const attribute of ['required', 'readonly', 'length="4"', 'min-length="2"', 'accept-unsure', 'base-url="/x/"']) {
    assert.ok(got[0].includes(attribute), `${attribute} in ${got[0]}`);
  }
  assert.deepEqual(got.slice(1), [4, 2, 'ink-digit', 4], 'no more than there is room for');
});
