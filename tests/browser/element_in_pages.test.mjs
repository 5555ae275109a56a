// <ink-digit> in pages that do something with it: frameworks that write values back, narrow places, moves, listeners of their own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  draw,
  drawByFinger,
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
import { drawnFour, drawnOne, missingFile, serveSite } from './support.mjs';

const { openWith } = useElements();

const padBox = (page) => page.getByRole('img', { name: 'Drawing area' }).boundingBox();

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

test('a tap on the pad is no digit', async (t) => {
  const page = await openWith(t, '<ink-digit required aria-label="Floor"></ink-digit>', { ownClock: true });
  const box = await padBox(page);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await waitForState(page, 'blank');
  await eventsToEnd(page);
  const now = await field(page).evaluate(({ value, state, validity }) => [value, state, validity.valueMissing]);
  assert.deepEqual(now, ['', 'blank', true]);
});

test('Enter sends nothing where the page says so', async (t) => {
  const page = await openWith(t, '<form><ink-digit value="4" aria-label="Floor"></ink-digit></form>');
  await field(page).press('Enter');
  assert.equal(await sentCount(page), 1);
  await field(page).evaluate((element) => {
    element.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  });
  await field(page).press('Enter');
  assert.equal(await sentCount(page), 1);
});

test('a number that is full takes no more digits in its middle', async (t) => {
  const page = await openWith(t, '<ink-digit length="5" value="12345" aria-label="Postcode"></ink-digit>');
  await field(page).press('Home');
  await page.keyboard.press('9');
  assert.equal(await value(page), '12345');
  await page.keyboard.press('Delete');
  await page.keyboard.press('9');
  assert.equal(await value(page), '92345');
});

test('what is pasted into a number is cut off as by maxlength', async (t) => {
  const page = await openWith(
    t,
    `<ink-digit id="n" length="5" value="12" aria-label="Postcode"></ink-digit><ink-digit id="d" aria-label="Floor"></ink-digit>
      <input maxlength="5" value="12" aria-label="Native"><input aria-label="Source">`,
  );
  const number = field(page, '#n').getByRole('textbox');
  const native = page.getByRole('textbox', { name: 'Native' });
  /** What is there, and where the caret is, after `text` was pasted in place of what stands from `start` to `end`. */
  const paste = async (input, start, end, text) => {
    await page.getByRole('textbox', { name: 'Source' }).fill(text);
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Control+C');
    await input.focus();
    await input.evaluate((element, range) => element.setSelectionRange(...range), [start, end]);
    await page.keyboard.press('Control+V');
    return input.evaluate(({ value, selectionStart, selectionEnd }) => [value, selectionStart, selectionEnd]);
  };
  for (const [start, end, text] of [
    [1, 1, '98765'],
    [2, 2, '3'],
    [1, 3, '4567'],
    [5, 5, '8'],
  ]) {
    const wanted = await paste(native, start, end, text);
    assert.deepEqual(await paste(number, start, end, text), wanted);
    assert.equal(await value(page, '#n'), wanted[0]);
  }
  assert.deepEqual(await paste(number, 1, 3, '4-x9'), ['14972', 3, 3], 'digits alone');
  await paste(field(page, '#d').getByRole('textbox'), 0, 0, '42');
  assert.equal(await value(page, '#d'), '4');
});

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
        page.route('**/inkdigit/index.js', (route) => {
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
      await bringFiles();
      await page.waitForFunction(() => import('./inkdigit/index.js'));
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

describe('where the files are not to be had', () => {
  test('nor the package’s own script, the error is one of the package’s', async (t) => {
    const page = await openWith(t, '<ink-digit hidden aria-label="Floor"></ink-digit>');
    page.expectedProblems = missingFile;
    await page.route('**/inkdigit/index.js', (route) => route.abort());
    await field(page).evaluate((element) => (element.hidden = false));
    await waitForState(page, 'failed');
    const { name, code } = await field(page).evaluate(({ error: { name, code } }) => ({ name, code }));
    assert.deepEqual([name, code], ['InkdigitError', 'load']);
  });

  test('one stroke asks for them once, and base-url may be mended', async (t) => {
    const body = '<ink-digit base-url="./nowhere/" hidden aria-label="Floor"></ink-digit>';
    const page = await openWith(t, body, { ownClock: true });
    page.expectedProblems = missingFile;
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await field(page).evaluate((element) => (element.hidden = false));
    await page.waitForFunction(() => globalThis.events.includes('failure')); // it was fetched when it came into view
    const failures = () => page.evaluate(() => globalThis.events.filter((type) => type === 'failure').length);
    const [askedBefore, failuresBefore] = [asked.length, await failures()];
    await press(page, [
      [0.5, 0.1],
      [0.3, 0.4],
      [0.6, 0.5],
    ]);
    await waitForState(page, 'failed');
    await press(page, [
      [0.6, 0.5],
      [0.4, 0.9],
    ]);
    await page.mouse.up();
    await eventsToEnd(page);
    assert.equal(await failures(), failuresBefore + 1);
    assert.ok(asked.length <= 2 * askedBefore, asked.join(' '));
    await field(page).evaluate((element) => (element.baseUrl = './inkdigit/'));
    await page.waitForFunction(() => document.querySelector('ink-digit').state !== 'failed');
    await page.waitForFunction(() => globalThis.events.some((type) => type.startsWith('classify')));
  });

  test('one stroke asks for them once, also when that is known before the pen has moved', async (t) => {
    const body = '<ink-digit base-url="./nowhere/" hidden aria-label="Floor"></ink-digit>';
    const page = await openWith(t, body, { ownClock: true });
    page.expectedProblems = missingFile;
    const failures = (count) =>
      page.waitForFunction((count) => globalThis.events.filter((type) => type === 'failure').length === count, count);
    await field(page).evaluate((element) => (element.hidden = false));
    await failures(1);
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await press(page, [[0.5, 0.1]]);
    await failures(2);
    const askedByThePen = asked.length;
    assert.ok(askedByThePen > 0);
    await press(page, drawnOne[0]);
    await page.mouse.up();
    await eventsToEnd(page);
    assert.equal(asked.length, askedByThePen, asked.join(' '));
    await failures(2);
    assert.equal(await field(page).evaluate((element) => element.state), 'failed');
  });

  test('once they are, a field that has a value reads the next drawing, and so do new fields', async (t) => {
    const page = await openWith(t, '<ink-digit id="a" value="7" hidden aria-label="Floor"></ink-digit>');
    page.expectedProblems = missingFile;
    await page.route('**/inkdigit/index.js', (route) => route.abort());
    const failed = page.waitForEvent('requestfailed');
    await field(page).evaluate((element) => (element.hidden = false));
    await failed;
    await page.unroute('**/inkdigit/index.js');
    await draw(page, drawnFour, { selector: '#a' });
    await waitForValue(page, '4', '#a');
    await page.evaluate(() =>
      document.querySelector('#a').after(Object.assign(document.createElement('ink-digit'), { id: 'b' })),
    );
    await draw(page, drawnOne, { selector: '#b' });
    await waitForValue(page, '1', '#b');
    assert.equal((await page.evaluate(() => globalThis.events)).includes('failure'), false);
  });
});

describe('places', () => {
  test('on a narrow screen the whole field is there, Clear too', async (t) => {
    const page = await openWith(t, '<ink-digit length="5" aria-label="Postcode"></ink-digit>', {
      viewport: { width: 320, height: 600 },
    });
    const [host, pad, clear] = await Promise.all([
      field(page).boundingBox(),
      padBox(page),
      page.getByRole('button', { name: 'Clear' }).boundingBox(),
    ]);
    for (const box of [pad, clear]) assert.ok(box.x + box.width <= host.x + host.width, JSON.stringify(box));
    assert.ok(host.x + host.width <= 320);
  });

  test('in a grid the field is as wide as its pad, all of which can be drawn on', async (t) => {
    const page = await openWith(t, '<div><ink-digit aria-label="Floor"></ink-digit></div>');
    await page.evaluate(() => {
      document.querySelector('div').style.display = 'grid';
    });
    const [host, pad] = [await field(page).boundingBox(), await padBox(page)];
    assert.ok(host.width - pad.width <= 2, `${host.width}, the pad ${pad.width}`);
  });

  for (const length of [1, 5]) {
    test(`of a width that the page gives, all can be drawn on, with ${length} to draw`, async (t) => {
      const page = await openWith(t, `<ink-digit length="${length}" aria-label="Floor"></ink-digit>`);
      for (const width of ['90px', '480px', '100%']) {
        await field(page).evaluate((element, width) => (element.style.width = width), width);
        const [host, pad] = [await field(page).boundingBox(), await padBox(page)];
        assert.ok(host.width - pad.width <= 2, `${host.width}, the pad ${pad.width}`);
        const height = pad.width / (length === 1 ? 1 : 0.75 * length);
        assert.ok(Math.abs(pad.height - height) <= 2, `${pad.height} instead of ${height}`);
      }
    });
  }

  test('moved before its drawing had settled, it tells of it all the same', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { hasTouch: true });
    await drawByFinger(page, drawnOne);
    await waitForValue(page, '1');
    await page.evaluate(() => document.querySelector('main').append(document.querySelector('ink-digit')));
    await page.waitForFunction(() => globalThis.events.includes('change'));
  });

  test('in another document it looks as in this one', async (t) => {
    const page = await openWith(t, '<iframe title="Frame"></iframe><ink-digit aria-label="Floor"></ink-digit>');
    const sheets = () => field(page).evaluate(({ shadowRoot }) => shadowRoot.adoptedStyleSheets.length);
    assert.equal(await sheets(), 1);
    const inFrame = await field(page).evaluate((element) => {
      document.createElement('template').content.append(element); // a document that nobody sees
      document.querySelector('iframe').contentDocument.body.append(element);
      return element.shadowRoot.adoptedStyleSheets.length;
    });
    assert.equal(inFrame, 1);
  });

  test('a second copy of the package has the class of the first', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    assert.ok(
      await page.evaluate(async () => {
        const { InkDigitElement } = await import('./inkdigit/element.js?second');
        return InkDigitElement === customElements.get('ink-digit');
      }),
    );
  });
});

test('with autofocus it has the focus from the start, unless something else has it', async (t) => {
  const pad = '<ink-digit autofocus aria-label="Floor"></ink-digit>';
  const focused = (page) => page.evaluate(() => document.activeElement.localName);
  assert.equal(await focused(await openWith(t, pad)), 'ink-digit');
  assert.equal(await focused(await openWith(t, `<input autofocus aria-label="Name">${pad}`)), 'input');
});

describe('autofocus is as in a field of the browser', () => {
  const focused = (page) =>
    page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
      return document.activeElement.localName;
    });

  for (const [before, wanted] of [
    ['<p>Nothing</p>', 'ink-digit'],
    ['<input autofocus aria-label="Name">', 'body'],
  ]) {
    test(`when the field is added to a page with ${before}`, async (t) => {
      const page = await openWith(t, before);
      await focused(page);
      await page.evaluate(() => {
        document.activeElement.blur();
        document.querySelector('main').append(Object.assign(document.createElement('ink-digit'), { autofocus: true }));
      });
      assert.equal(await focused(page), wanted);
    });
  }

  test('when the user has begun something before the element is defined', async (t) => {
    const page = await openWith(t, '<p>Text</p><ink-digit autofocus aria-label="Floor"></ink-digit>');
    let bringElement;
    await page.route('**/inkdigit/element.js', (route) => (bringElement = () => route.continue()));
    await page.reload({ waitUntil: 'commit' });
    await page.getByText('Text').click();
    await bringElement();
    await page.waitForFunction(() => customElements.get('ink-digit') !== undefined);
    assert.equal(await focused(page), 'body');
  });

  test('in a frame of another origin it takes no focus from the page', async (t) => {
    const page = await openWith(t, '<ink-digit autofocus aria-label="Floor"></ink-digit>');
    page.expectedProblems = /Blocked autofocusing/; // the browser tells that it does not, either
    const own = page.url();
    const other = await serveSite();
    t.after(() => other.close());
    const outer = (frame) => `<!doctype html><title>Outer</title><input autofocus><iframe src="${frame}"></iframe>`;
    await page.route('**/outer.html', (route) => route.fulfill({ contentType: 'text/html', body: outer(own) }));
    await page.goto(`${other.url}outer.html`);
    const frame = page.frame({ url: own });
    await frame.waitForFunction(() => customElements.get('ink-digit') !== undefined);
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'input');
    assert.equal(await frame.evaluate(() => document.activeElement.localName), 'body');
  });
});

describe('ink is where the pen is', () => {
  // `corners`: where the drawing's left upper corner is seen in the pad, and which way it goes from there, in shares.
  const places = {
    'is turned by a half': { outside: { rotate: '180deg' }, corners: [1, 1, -1, -1] },
    'is mirrored': { outside: { scale: '-1 1' }, corners: [1, 0, -1, 1] },
    'is zoomed': { outside: { zoom: '1.5' }, corners: [0, 0, 1, 1] },
    'has a border and padding': { pad: 'border: 9px solid; padding: 14px 3px 2px 20px', corners: [0, 0, 1, 1] },
  };
  for (const [name, { outside = {}, pad = '', corners }] of Object.entries(places)) {
    test(`in a pad that ${name}`, async (t) => {
      const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
      await field(page).evaluate(
        (element, [outside, pad]) => {
          Object.assign(element.parentElement.style, outside);
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`ink-digit::part(pad) { ${pad} }`);
          document.adoptedStyleSheets.push(sheet);
        },
        [outside, pad],
      );
      const box = await padBox(page);
      const edges = pad ? { left: 29, top: 23, right: 12, bottom: 11 } : { left: 0, top: 0, right: 0, bottom: 0 };
      const width = box.width - edges.left - edges.right;
      const height = box.height - edges.top - edges.bottom;
      const [left, top, across, down] = corners;
      const points = [
        [0.2, 0.3],
        [0.5, 0.4],
        [0.9, 0.8],
      ];
      const at = ([x, y]) => [
        box.x + edges.left + (left + x * across) * width,
        box.y + edges.top + (top + y * down) * height,
      ];
      await page.mouse.move(...at(points[0]));
      await page.mouse.down();
      for (const point of points.slice(1)) await page.mouse.move(...at(point));
      await page.mouse.up();
      const strokes = await field(page).evaluate((element) => element.strokes);
      const drawn = strokes[0].map(({ x, y }) => [x, y]);
      for (const [x, y] of points) {
        const distance = Math.min(...drawn.map((point) => Math.hypot(point[0] - x, point[1] - y)));
        assert.ok(distance < 0.01, `${[x, y]} is not among ${JSON.stringify(drawn)}`);
      }
    });
  }
});
