// <ink-digit> as people and forms meet it: on bare pages, under the strict policy with Trusted Types.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import {
  draw,
  drawByFinger,
  eventsToEnd,
  field,
  scribble,
  sent,
  sentCount,
  useElements,
  value,
  waitForState,
  waitForValue,
} from './element_support.mjs';
import { copySite, drawnFour, drawnOne, drawnZero, missingFile, serveSite } from './support.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const elements = useElements();
const { openWith } = elements;

describe('a form', () => {
  test('gets the digit that was drawn', async (t) => {
    const page = await openWith(
      t,
      '<form><label for="floor">Floor</label> <ink-digit id="floor" name="floor" required></ink-digit> <button>Send</button></form>',
    );
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    assert.equal(await field(page).evaluate((element) => element.form.elements.floor.value), '4');
    await page.getByRole('button', { name: 'Send' }).click();
    assert.deepEqual(await sent(page), [['floor', '4']]);
  });

  test('that a script sends at once hears of the change first, and once', async (t) => {
    const body = '<form><ink-digit name="floor" aria-label="Floor"></ink-digit></form>';
    const page = await openWith(t, body, { ownClock: true });
    await field(page).evaluate((element) => {
      globalThis.heard = [];
      element.addEventListener('input', () => element.form.requestSubmit()); // before the drawing counts as finished
      element.addEventListener('change', () => globalThis.heard.push(`change to ${element.value}`));
      element.form.addEventListener('submit', () => globalThis.heard.push('submit'));
    });
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    await eventsToEnd(page);
    const heard = await page.evaluate(() => globalThis.heard);
    assert.deepEqual(heard.slice(-2), ['change to 4', 'submit']);
    assert.equal(heard.filter((what) => what === 'change to 4').length, 1);
  });

  test('is not sent while a required field is blank, or holds what nobody can read', async (t) => {
    const page = await openWith(
      t,
      '<form><ink-digit name="floor" required aria-label="Floor"></ink-digit><button>Send</button></form>',
    );
    const validity = () =>
      field(page).evaluate(({ validity: { valid, valueMissing, badInput }, validationMessage }) => ({
        ...{ valid, valueMissing, badInput },
        hasMessage: validationMessage !== '',
      }));
    assert.deepEqual(await validity(), { valid: false, valueMissing: true, badInput: false, hasMessage: true });
    const input = page.getByRole('textbox', { name: 'Floor' });
    await page.getByRole('button', { name: 'Send' }).click();
    assert.equal(await sentCount(page), 0);
    assert.equal(await input.getAttribute('aria-invalid'), 'true');
    assert.equal(await input.evaluate((element) => element.getRootNode().activeElement === element), true);

    await draw(page, scribble);
    await waitForState(page, 'unsure');
    assert.deepEqual(await validity(), { valid: false, valueMissing: false, badInput: true, hasMessage: true });
    await page.getByRole('button', { name: 'Send' }).click();
    assert.equal(await sentCount(page), 0);

    // What it may be is offered.
    const suggestion = page.getByRole('button', { name: /^It is \d$/ }).first();
    const digit = (await suggestion.getAttribute('aria-label')).at(-1);
    await suggestion.click();
    assert.equal(await value(page), digit);
    await page.getByRole('button', { name: 'Send' }).click();
    assert.deepEqual(await sent(page), [['floor', digit]]);
    assert.equal(await input.getAttribute('aria-invalid'), null);
  });

  test('is told of the page’s own fault beside the field’s', async (t) => {
    const page = await openWith(t, '<form><ink-digit required aria-label="Floor"></ink-digit></form>');
    const faults = () =>
      field(page).evaluate(({ validity, validationMessage }) => [
        ['valueMissing', 'badInput', 'customError'].filter((name) => validity[name]),
        validationMessage,
      ]);
    const setFault = (text) => field(page).evaluate((element, text) => element.setCustomValidity(text), text);
    await setFault('Not here.');
    assert.deepEqual(await faults(), [['valueMissing', 'customError'], 'Not here.']);
    await setFault('');
    assert.deepEqual(await faults(), [['valueMissing'], 'Draw or type a digit.']);
    await field(page).evaluate((element) => (element.classifier = { classify: () => new Promise(() => {}) }));
    await draw(page, drawnFour);
    assert.deepEqual(await faults(), [['badInput'], 'The drawing is still being read. Try again in a moment.']);
  });

  test('with accept-unsure takes the best guess', async (t) => {
    const page = await openWith(t, '<ink-digit accept-unsure aria-label="Floor"></ink-digit>');
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    assert.match(await value(page), /^\d$/);
    assert.equal(await field(page).evaluate((element) => element.validity.valid), true);
  });

  test('takes no symbol for a digit, however sure a classifier of one’s own is of it', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await field(page).evaluate((element) => {
      const probabilities = new Float32Array(11).fill(0.005);
      probabilities[10] = 0.95;
      const reading = { digit: -1, label: 'tick', confidence: 0.95, state: 'digit', probabilities };
      element.classifier = { classify: async () => reading };
    });
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    assert.equal(await value(page), '');
  });

  test('resets to the attribute, and tells no one', async (t) => {
    const page = await openWith(
      t,
      '<form><ink-digit name="a" value="3" aria-label="A"></ink-digit><button type="reset">Reset</button></form>',
    );
    assert.equal(await value(page), '3');
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    await page.waitForFunction(() => globalThis.events.includes('change'));
    await page.evaluate(() => (globalThis.events = []));
    await page.getByRole('button', { name: 'Reset' }).click();
    assert.equal(await value(page), '3');
    assert.deepEqual(await field(page).evaluate((element) => element.strokes), []);
    assert.deepEqual(await page.evaluate(() => globalThis.events), []);
    await field(page).evaluate((element) => element.setAttribute('value', '5'));
    assert.equal(await value(page), '5', 'after a reset the attribute counts again');
  });

  test('after a reset a field that was blank is no longer called wrong', async (t) => {
    const page = await openWith(
      t,
      '<form><ink-digit required aria-label="A"></ink-digit><button>Send</button><button type="reset">Reset</button></form>',
    );
    const textbox = page.getByRole('textbox', { name: 'A' });
    await page.getByRole('button', { name: 'Send' }).click();
    assert.equal(await textbox.getAttribute('aria-invalid'), 'true');
    await page.getByRole('button', { name: 'Reset' }).click();
    assert.equal(await textbox.getAttribute('aria-invalid'), null);
  });

  test('marks what is wrong for CSS once it was not sent or the user changed it, until it is reset', async (t) => {
    const page = await openWith(
      t,
      '<form><ink-digit required aria-label="A"></ink-digit><button>Send</button><button type="reset">Reset</button></form>',
    );
    const isMarked = () => field(page).evaluate((element) => element.matches(':state(user-invalid)'));
    assert.equal(await isMarked(), false);
    await page.getByRole('button', { name: 'Send' }).click();
    assert.equal(await isMarked(), true);
    await field(page).press('4');
    assert.equal(await isMarked(), false);
    await page.getByRole('button', { name: 'Reset' }).click();
    assert.equal(await isMarked(), false);
    await field(page).press('4');
    await page.keyboard.press('Backspace');
    assert.equal(await isMarked(), true);
    await page.getByRole('button', { name: 'Reset' }).click();
    assert.equal(await isMarked(), false);
  });

  test('a disabled field takes and gives nothing, by itself or by a fieldset', async (t) => {
    const page = await openWith(
      t,
      `<form><ink-digit id="a" name="a" value="1" disabled aria-label="A"></ink-digit>
        <fieldset disabled><ink-digit id="b" name="b" value="2" required aria-label="B"></ink-digit></fieldset></form>`,
    );
    const entries = () => page.evaluate(() => [...new FormData(document.querySelector('form'))]);
    const touchAction = (selector) =>
      field(page, selector)
        .getByRole('img')
        .evaluate((pad) => getComputedStyle(pad).touchAction);
    assert.deepEqual(await entries(), []);
    for (const selector of ['#a', '#b']) {
      await draw(page, drawnFour, { selector });
      assert.deepEqual(await field(page, selector).evaluate((element) => element.strokes), []);
      assert.equal(await field(page, selector).evaluate((element) => element.matches(':disabled')), true);
      assert.equal(await field(page, selector).getByRole('textbox').isDisabled(), true);
      assert.equal(await touchAction(selector), 'auto', 'a finger scrolls');
    }
    await page.evaluate(() => {
      document.querySelector('#a').disabled = false;
      document.querySelector('fieldset').disabled = false;
    });
    assert.deepEqual(await entries(), [
      ['a', '1'],
      ['b', '2'],
    ]);
    assert.equal(await touchAction('#b'), 'none');
    await draw(page, drawnFour, { selector: '#b' });
    await waitForValue(page, '4', '#b');
  });

  test('a readonly field is sent as it is', async (t) => {
    const page = await openWith(t, '<form><ink-digit name="a" value="7" readonly aria-label="A"></ink-digit></form>');
    await draw(page, drawnFour);
    await field(page).press('5');
    assert.equal(await value(page), '7');
    assert.deepEqual(await page.evaluate(() => [...new FormData(document.querySelector('form'))]), [['a', '7']]);
  });

  test('gets back what was drawn when the user comes back to the page', async (t) => {
    const page = await openWith(t, '<form><ink-digit name="a" aria-label="A"></ink-digit></form>');
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    await page.goto(`${elements.url}favicon.svg`);
    await page.goBack();
    await waitForValue(page, '4');
    assert.equal(await field(page).evaluate((element) => element.strokes.length), 2);
  });

  test('keeps what was read there also when nothing can be read any more', async (t) => {
    const body = '<form><ink-digit name="a" aria-label="A"></ink-digit></form>';
    const page = await openWith(t, body, { ownClock: true });
    page.expectedProblems = missingFile;
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    await page.route('**/inkdigit/index.js', (route) => route.abort());
    await page.goto(`${elements.url}favicon.svg`);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('ink-digit')?.strokes?.length > 0);
    await eventsToEnd(page);
    const now = await field(page).evaluate(({ value, state, validity }) => [value, state, validity.valid]);
    assert.deepEqual(now, ['4', 'digit', true]);
    assert.deepEqual(await page.evaluate(() => globalThis.events), []);
  });

  test('reads there what had not been read yet, and is not valid before', async (t) => {
    const body = '<form><ink-digit name="a" aria-label="A"></ink-digit></form>';
    const page = await openWith(t, body, { ownClock: true });
    await draw(page, drawnOne);
    await waitForValue(page, '1');
    await eventsToEnd(page);
    await field(page).evaluate((element) => {
      const never = new Promise(() => {});
      element.classifier = { classify: () => never };
    });
    let letThrough;
    const late = new Promise((resolve) => (letThrough = resolve));
    await page.route('**/inkdigit/index.js', async (route) => {
      await late;
      await route.continue();
    });
    await page.goto(`${elements.url}favicon.svg`);
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('ink-digit')?.strokes?.length > 0);
    const now = () => field(page).evaluate(({ value, state, validity }) => [value, state, validity.valid]);
    assert.deepEqual(await now(), ['1', 'reading', false]);
    letThrough();
    await waitForState(page, 'digit');
    assert.deepEqual(await now(), ['1', 'digit', true]);
  });

  test('is sent by Enter', async (t) => {
    const page = await openWith(
      t,
      '<form><ink-digit name="a" aria-label="A"></ink-digit><button name="how" value="button">Send</button></form>',
    );
    await field(page).press('6');
    await page.keyboard.press('Enter');
    assert.deepEqual(await sent(page), [['a', '6']]);
  });

  for (const [what, rest, count] of [
    ['by an image, as its button', '<input type="image" alt="Send">', 1],
    ['not by a disabled button', '<button disabled>Send</button>', 0],
    ['alone, without a button', '<input type="checkbox">', 1],
    ['not beside another text field, without a button', '<input>', 0],
  ]) {
    test(`is sent by Enter as the browser's own fields are: ${what}`, async (t) => {
      const page = await openWith(t, `<form><ink-digit name="a" aria-label="A"></ink-digit>${rest}</form>`);
      await field(page).press('6');
      await page.keyboard.press('Enter');
      assert.equal(await sentCount(page), count);
    });
  }

  test('is not sent by the Enter that ends the writing of a character', async (t) => {
    const page = await openWith(t, '<form><ink-digit name="a" aria-label="A"></ink-digit></form>');
    await field(page).press('6');
    // It is a keydown, and no keypress comes of it.
    await page.getByRole('textbox').evaluate((input) => {
      const init = { key: 'Enter', isComposing: true, bubbles: true, composed: true };
      input.dispatchEvent(new KeyboardEvent('keydown', init));
    });
    assert.equal(await sentCount(page), 0);
    await page.keyboard.press('Enter');
    assert.equal(await sentCount(page), 1);
  });
});

describe('typing', () => {
  test('a digit is the value, the next replaces it, Backspace and Delete clear it; letters do nothing', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    for (const [key, wanted] of [
      ['7', '7'],
      ['3', '3'],
      ['x', '3'],
      ['Backspace', ''],
      ['0', '0'],
      ['Delete', ''],
      ['９', '9'],
    ]) {
      await page.getByRole('textbox', { name: 'Floor' }).focus();
      if (key.length > 1) await page.keyboard.press(key);
      else await page.keyboard.insertText(key);
      assert.equal(await value(page), wanted, key);
    }
    await page.keyboard.press('5');
    assert.equal(await value(page), '5');
    assert.equal((await page.evaluate(() => globalThis.events)).filter((type) => type === 'change').length, 7);
  });

  test('by an input method is taken once it is composed, and is left alone before', async (t) => {
    const page = await openWith(
      t,
      '<ink-digit id="code" length="5" aria-label="Code"></ink-digit><ink-digit id="floor" aria-label="Floor"></ink-digit>',
    );
    const session = await page.context().newCDPSession(page);
    const compose = async (texts, selector) => {
      for (const text of texts) {
        await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
        await field(page, selector).evaluate((element) => element.setCustomValidity('')); // the page does something
      }
      await session.send('Input.insertText', { text: texts.at(-1) });
    };
    await field(page, '#code').press('1');
    await compose(['２', '２３', '２３４'], '#code');
    assert.equal(await value(page, '#code'), '1234');
    assert.equal(await field(page, '#code').getByRole('textbox').inputValue(), '1234');
    await field(page, '#floor').press('7');
    await compose(['３'], '#floor');
    assert.equal(await value(page, '#floor'), '3');
    assert.equal((await page.evaluate(() => globalThis.events)).filter((type) => type === 'input').length, 4);
  });

  test('overrules the ink; new ink overrules what was typed', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    await page.keyboard.press('9'); // a mouse that draws leaves the keyboard to the field
    assert.equal(await value(page), '9');
    await draw(page, drawnOne);
    await waitForValue(page, '1');
    assert.equal(await field(page).evaluate((element) => element.strokes.length), 1);
    await page.keyboard.press('Backspace');
    assert.equal(await value(page), '');
    assert.equal(await field(page).evaluate((element) => element.strokes.length), 0);
  });

  test('mends one digit of a number that was read wrongly', async (t) => {
    const page = await openWith(t, '<ink-digit length="3" value="418" aria-label="Room"></ink-digit>');
    await field(page).press('End');
    await page.keyboard.press('Backspace');
    assert.equal(await value(page), '41');
    assert.equal(await field(page).evaluate((element) => element.validity.tooShort), true);
    await page.keyboard.press('3');
    await page.keyboard.press('7');
    assert.equal(await value(page), '413', 'no more than its length');
    assert.equal(await field(page).evaluate((element) => element.validity.valid), true);
  });
});

describe('drawing', () => {
  test('tells of readings and of the value, once each where it counts', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnFour);
    await page.waitForFunction(() => globalThis.events.includes('change'));
    const events = await page.evaluate(() => globalThis.events);
    assert.equal(events.filter((type) => type === 'change').length, 1);
    assert.equal(events.at(-1), 'change');
    assert.ok(events.includes('classify 4 digit'), events.join(', '));
    assert.ok(events.includes('input'));
  });

  test('tells that what was typed is gone as soon as ink takes its place', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await page.evaluate(() => {
      globalThis.told = [];
      addEventListener('input', ({ target }) => globalThis.told.push(target.value));
    });
    await field(page).press('5');
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    const told = await page.evaluate(() => globalThis.told);
    assert.deepEqual(told.slice(0, 2), ['5', '']);
    assert.equal(told.at(-1), '');
  });

  test('goes on after the field was moved in the middle of a stroke', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    const box = await page.getByRole('img', { name: 'Drawing area' }).boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.evaluate(() => document.querySelector('main').append(document.querySelector('ink-digit')));
    await page.mouse.up();
    await field(page).evaluate((element) => element.clear());
    await draw(page, drawnFour);
    await waitForValue(page, '4');
  });

  test('Undo and Clear keep the focus when there is nothing left to take back', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    for (const name of ['Undo', 'Clear']) {
      await draw(page, drawnOne);
      await waitForValue(page, '1');
      const button = page.getByRole('button', { name });
      await button.focus();
      await page.keyboard.press('Enter');
      assert.equal(await value(page), '');
      assert.equal(await button.getAttribute('aria-disabled'), 'true');
      assert.equal(await button.evaluate((element) => element.matches(':focus')), true, name);
      const before = await page.evaluate(() => globalThis.events.length);
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => globalThis.events.length), before, 'nothing more to do');
    }
  });

  test('a reading has all that classify gives', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await page.evaluate(() => {
      addEventListener('classify', ({ detail }) => (globalThis.reading = detail));
    });
    await draw(page, drawnZero);
    await waitForValue(page, '0');
    const reading = await page.evaluate(() => ({
      ...globalThis.reading,
      probabilities: globalThis.reading.probabilities.length,
      frame: globalThis.reading.frame.length,
      digits: globalThis.reading.digits.length,
    }));
    assert.equal(reading.digit, 0);
    assert.equal(reading.state, 'digit');
    assert.ok(reading.confidence > 0.9);
    assert.deepEqual([reading.probabilities, reading.frame, reading.digits], [10, 784, 1]);
  });

  test('five digits in their cells are a postcode', async (t) => {
    const page = await openWith(
      t,
      '<form><label>Postcode <ink-digit name="postcode" length="5" required></ink-digit></label></form>',
    );
    const digits = [drawnFour, drawnOne, drawnZero, drawnOne, drawnFour];
    for (const [i, strokes] of digits.slice(0, 4).entries()) await draw(page, strokes, { left: i / 5, width: 1 / 5 });
    await waitForValue(page, '4101');
    assert.equal(await field(page).evaluate((element) => element.validity.tooShort), true);
    await draw(page, digits[4], { left: 4 / 5, width: 1 / 5 });
    await waitForValue(page, '41014');
    assert.equal(await field(page).evaluate((element) => element.checkValidity()), true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await waitForValue(page, '4101');
    await page.getByRole('button', { name: 'Clear' }).click();
    assert.equal(await value(page), '');
  });

  test('by a finger reads, too, and calls up no keyboard', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { hasTouch: true });
    await drawByFinger(page, drawnFour);
    await waitForValue(page, '4');
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'body');
  });

  test('follows the page when its colours change', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnOne);
    const inkIsLight = () =>
      field(page).evaluate((element) => {
        const canvas = element.shadowRoot.querySelector('canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const inked = data.findIndex((alpha, i) => i % 4 === 3 && alpha === 255);
        return data[inked - 1] + data[inked - 2] + data[inked - 3] > 500;
      });
    await page.waitForFunction(() => document.querySelector('ink-digit').strokes.length === 1);
    assert.equal(await inkIsLight(), false);
    await page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
    for (const end = Date.now() + 5000; !(await inkIsLight());) assert.ok(Date.now() < end, 'the ink stayed dark');
  });
});

describe('names and help', () => {
  for (const [how, html] of Object.entries({
    'label for': '<label for="a">Floor</label><ink-digit id="a"></ink-digit>',
    'a label around it': '<label>Floor <ink-digit></ink-digit></label>',
    'aria-label': '<ink-digit aria-label="Floor"></ink-digit>',
    'aria-labelledby': '<span id="n">Floor</span><ink-digit aria-labelledby="n"></ink-digit>',
    'a label below it': '<ink-digit id="a"></ink-digit><label for="a">Floor</label>',
  })) {
    test(`${how} names what has the focus`, async (t) => {
      const page = await openWith(t, html);
      await page.getByRole('textbox', { name: 'Floor' }).waitFor();
    });
  }

  test('aria-describedby describes what has the focus, before the field’s own hint', async (t) => {
    const page = await openWith(
      t,
      '<ink-digit aria-label="Floor" aria-describedby="where"></ink-digit><p id="where">On the door.</p>',
    );
    const session = await page.context().newCDPSession(page);
    const description = async () => {
      const { nodes } = await session.send('Accessibility.getFullAXTree');
      return nodes.find(({ role, name }) => role?.value === 'textbox' && name?.value === 'Floor').description.value;
    };
    assert.equal(await description(), 'On the door. Draw a digit above, or type it here.');
    await field(page).evaluate((element) => element.removeAttribute('aria-describedby'));
    assert.equal(await description(), 'Draw a digit above, or type it here.');
  });

  test('a click on the label leads to the field, also when there is something to choose', async (t) => {
    const page = await openWith(t, '<label for="a">Floor</label> <ink-digit id="a"></ink-digit>');
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    await page.evaluate(() => document.activeElement.blur());
    await page.getByText('Floor').click();
    await page.keyboard.press('2');
    assert.equal(await value(page), '2');
  });

  test('a reading is announced once it has settled', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnFour);
    await page.getByRole('status').filter({ hasText: 'Read as 4.' }).waitFor();
  });

  test('words can be in another language', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Etage"></ink-digit>');
    await page.evaluate(() => {
      const { words } = customElements.get('ink-digit');
      Object.assign(words, { pad: 'Zeichenfläche', clear: 'Löschen' });
      document.querySelector('main').append(document.createElement('ink-digit'));
    });
    await field(page).nth(1).getByRole('button', { name: 'Löschen' }).waitFor();
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing wrong, ${colorScheme}`, async (t) => {
      const page = await openWith(
        t,
        `<meta name="color-scheme" content="light dark"><h1>Form</h1><form><label for="a">Floor</label><ink-digit id="a" required></ink-digit>
         <label for="b">Code</label><ink-digit id="b" length="4" value="12"></ink-digit>
         <label for="c">Fixed</label><ink-digit id="c" disabled></ink-digit>
         <label for="d">Unread</label><ink-digit id="d"></ink-digit></form>`,
        { colorScheme },
      );
      await draw(page, scribble, { selector: '#d' });
      await waitForState(page, 'unsure', '#d');
      // Given by the debugger: the page's policy allows no script from elsewhere.
      await page.evaluate(axeSource);
      const found = await page.evaluate(async () =>
        (await globalThis.axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
      );
      assert.deepEqual(found, []);
    });
  }
});

describe('when drawings cannot be read', () => {
  test('the field says so and can be typed into; once the files are there, Try again reads what was drawn', async (t) => {
    const root = await copySite(t);
    const own = await serveSite({ root });
    t.after(() => own.close());
    let isAway = true;
    const page = await openWith(
      t,
      '<form><ink-digit name="a" required aria-label="Floor"></ink-digit><button>Send</button></form>',
      { at: own, ownClock: true },
    );
    page.expectedProblems = missingFile;
    await page
      .context()
      .route('**/inkdigit/wasm*/**', (route) => (isAway ? route.fulfill({ status: 404 }) : route.continue()));
    await page.reload();
    await draw(page, drawnFour);
    await waitForState(page, 'failed');
    const fault = () => field(page).evaluate(({ validationMessage }) => validationMessage);
    assert.equal(await fault(), 'Drawings cannot be read now. Please type.');
    await page.getByText('Drawings cannot be read now. Please type.').first().waitFor();
    assert.equal(await field(page).evaluate(({ error }) => error.code), 'load');
    assert.ok((await page.evaluate(() => globalThis.events)).includes('failure'));
    const retry = page.getByRole('button', { name: 'Try again' });
    const setReadOnly = (isSet) => field(page).evaluate((element, isSet) => (element.readOnly = isSet), isSet);
    await setReadOnly(true);
    assert.equal(await retry.count(), 0);
    await setReadOnly(false);
    assert.equal(await retry.count(), 1);
    await field(page).press('8');
    assert.equal(await field(page).evaluate(({ error }) => error), null);
    await page.getByRole('button', { name: 'Send' }).click();
    assert.deepEqual(await sent(page), [['a', '8']]);
    await draw(page, drawnFour);
    await waitForState(page, 'failed');
    await eventsToEnd(page); // a reading of the last stroke may be on its way yet, and would find the files
    isAway = false;
    await retry.click();
    await waitForValue(page, '4');
  });

  test('nothing is fetched for a field that is not to be seen', async (t) => {
    const requests = [];
    const page = await openWith(t, '<div><ink-digit hidden aria-label="Floor"></ink-digit></div>');
    page.on('request', (request) => requests.push(new URL(request.url()).pathname));
    await page.reload();
    await page.waitForFunction(() => customElements.get('ink-digit') !== undefined);
    assert.equal(requests.filter((path) => /index\.js|wasm|safetensors/.test(path)).length, 0);
    await field(page).evaluate((element) => (element.hidden = false));
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    assert.equal(requests.filter((path) => /\.safetensors(\.gz)?$/.test(path)).length, 1);
  });

  test('many fields share one worker, which ends some time after the last field is gone', async (t) => {
    const fields = '<ink-digit id="a"></ink-digit><ink-digit id="b"></ink-digit>';
    const page = await openWith(t, fields, { ownClock: true });
    await draw(page, drawnFour, { selector: '#a' });
    await draw(page, drawnOne, { selector: '#b' });
    await waitForValue(page, '4', '#a');
    await waitForValue(page, '1', '#b');
    const workers = page.workers().filter((worker) => worker.url().endsWith('/worker.js'));
    assert.equal(workers.length, 1);
    const closed = workers[0].waitForEvent('close', { timeout: 20_000 });
    await page.evaluate(() => document.querySelector('main').replaceChildren());
    await page.clock.fastForward(10_000);
    await closed;
  });

  test('a field that is taken away while it reads does not keep the worker, either', async (t) => {
    const page = await openWith(t, '<ink-digit hidden></ink-digit>');
    let bringWeights;
    const asked = new Promise((resolve) => {
      page.context().route('**/*.safetensors*', (route) => {
        bringWeights = () => route.continue();
        resolve();
      });
    });
    await field(page).evaluate((element) => (element.hidden = false));
    await draw(page, drawnFour); // the first reading waits for the weights, and the newest for the first
    await asked;
    const [worker] = page.workers().filter((one) => one.url().endsWith('/worker.js'));
    const closed = worker.waitForEvent('close', { timeout: 20_000 });
    await page.evaluate(() => document.querySelector('main').replaceChildren());
    await bringWeights();
    await closed;
    await page.waitForTimeout(500);
    assert.equal(page.workers().length, 0, 'no reading after that has started another');
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

test('attributes and properties are one', async (t) => {
  const page = await openWith(t, '');
  const got = await page.evaluate(() => {
    const element = document.createElement('ink-digit');
    Object.assign(element, {
      name: 'n',
      required: true,
      readOnly: true,
      length: 4,
      acceptUnsure: true,
      baseUrl: '/x/',
    });
    return [element.outerHTML, element.length, element.type];
  });
  assert.match(got[0], /name="n"/);
  for (const attribute of ['required', 'readonly', 'length="4"', 'accept-unsure', 'base-url="/x/"']) {
    assert.ok(got[0].includes(attribute), `${attribute} in ${got[0]}`);
  }
  assert.deepEqual(got.slice(1), [4, 'ink-digit']);
});
