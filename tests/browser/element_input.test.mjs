// What is typed into <ink-digit>, and what is drawn on it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  draw,
  drawByFinger,
  field,
  inkIsLight,
  padBox,
  scribble,
  useElements,
  value,
  waitForState,
  waitForValue,
} from './element_support.mjs';
import { drawnFour, drawnOne, drawnZero, eventually, nextFrames } from './support.mjs';

const { openWith } = useElements();

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

  test('by an input method is its own: what that erases is not the ink', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await field(page).evaluate((element) => (element.classifier = { classify: () => new Promise(() => {}) }));
    await draw(page, drawnOne);
    const strokesAfter = (isComposing) =>
      page.getByRole('textbox').evaluate(async (input, isComposing) => {
        const init = { key: 'Backspace', isComposing, bubbles: true, composed: true };
        input.dispatchEvent(new KeyboardEvent('keydown', init));
        await new Promise((resolve) => setTimeout(resolve)); // the page might prevent it
        return document.querySelector('ink-digit').strokes.length;
      }, isComposing);
    assert.equal(await strokesAfter(true), 1);
    assert.equal(await strokesAfter(false), 0);
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
    const box = await padBox(page);
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

  test('a suggestion that is tapped calls up no keyboard; one that is clicked leads to the input', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { hasTouch: true });
    const focused = () => field(page).evaluate(({ shadowRoot }) => shadowRoot.activeElement?.localName);
    const suggestion = page.getByRole('button', { name: /^It is \d$/ }).first();
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    await suggestion.tap();
    await waitForState(page, 'digit');
    assert.equal(await focused(), 'button');
    await page.getByRole('button', { name: 'Clear' }).click();
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    await page.evaluate(() => globalThis.events.splice(0));
    await suggestion.click();
    assert.equal(await focused(), 'input');
    assert.deepEqual(await page.evaluate(() => globalThis.events), ['input', 'change']);
  });

  test('follows the page when its colours change', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnOne);
    await page.waitForFunction(() => document.querySelector('ink-digit').strokes.length === 1);
    assert.equal(await inkIsLight(page), false);
    await page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
    await eventually(() => inkIsLight(page), 'the ink stayed dark');
  });

  test('follows the page whose colours change while the field is hidden', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnOne);
    await page.waitForFunction(() => document.querySelector('ink-digit').strokes.length === 1);
    const hide = (isHidden) => field(page).evaluate((element, isHidden) => (element.hidden = isHidden), isHidden);
    await hide(true);
    await nextFrames(page);
    await page.evaluate(() => (document.documentElement.style.colorScheme = 'dark'));
    await nextFrames(page);
    await hide(false);
    await eventually(() => inkIsLight(page), 'the ink stayed dark');
  });

  test('has the colours of where the field is moved to', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit><p></p>');
    await draw(page, drawnOne);
    await page.waitForFunction(() => document.querySelector('ink-digit').strokes.length === 1);
    await nextFrames(page);
    await page.evaluate(() => {
      const place = document.querySelector('p');
      place.style.colorScheme = 'dark';
      place.append(document.querySelector('ink-digit'));
    });
    await eventually(() => inkIsLight(page), 'the ink stayed dark');
  });
});

describe('a number of fewer digits than there is room for', () => {
  test('is valid from min-length on', async (t) => {
    const page = await openWith(t, '<ink-digit length="4" min-length="2" required></ink-digit>');
    const input = page.getByRole('textbox', { name: '2 to 4 digits' });
    const faults = () =>
      field(page).evaluate(({ validity: { valid, tooShort }, validationMessage }) => [
        ...[valid, tooShort, validationMessage],
      ]);
    assert.deepEqual(await faults(), [false, false, 'Draw or type 2 to 4 digits.']);
    await input.fill('1');
    assert.deepEqual(await faults(), [false, true, '2 to 4 digits are needed; this has 1.']);
    for (const number of ['12', '123', '1234']) {
      await input.fill(number);
      assert.deepEqual([await value(page), ...(await faults())], [number, true, false, '']);
    }
    await field(page).evaluate((element) => element.removeAttribute('min-length'));
    await page.getByRole('textbox', { name: '4 digits' }).fill('12');
    assert.deepEqual(await faults(), [false, true, '4 digits are needed; this has 2.']);
  });

  test('is read as what it is, not as one for each cell', async (t) => {
    const page = await openWith(t, '<ink-digit length="2" aria-label="Floor"></ink-digit>');
    // A four whose two strokes lie on either side of the middle.
    await draw(page, drawnFour, { left: 0.135, width: 2 / 3 });
    await page.waitForFunction(() => ['digit', 'unsure'].includes(document.querySelector('ink-digit').state));
    const readings = () =>
      field(page).evaluate(
        (element) =>
          new Promise((resolve) => {
            element.addEventListener('classify', ({ detail }) => resolve(detail.digits.length), { once: true });
            element.toggleAttribute('accept-unsure');
          }),
      );
    assert.equal(await readings(), 2);
    await field(page).evaluate((element) => (element.minLength = 1));
    await waitForValue(page, '4');
    assert.equal(await field(page).evaluate(({ validity }) => validity.valid), true);
    await draw(page, drawnOne, { left: 0.55, width: 2 / 3 });
    await waitForValue(page, '41');
  });
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

test('a digit that is erased of a value longer than the field takes no other along', async (t) => {
  const page = await openWith(t, '<ink-digit length="3" value="12345" aria-label="Postcode"></ink-digit>');
  await field(page).press('Home');
  for (const rest of ['2345', '345', '45']) {
    await page.keyboard.press('Delete');
    assert.equal(await value(page), rest);
  }
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
