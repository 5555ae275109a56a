// <ink-digit> as people and forms meet it: on bare pages, under the strict policy with Trusted Types.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  draw,
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
import { drawnFour, drawnOne, missingFile } from './support.mjs';

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
    // For CSS and for screen readers alike.
    const isMarked = async () => {
      const isState = await field(page).evaluate((element) => element.matches(':state(user-invalid)'));
      const told = await page.getByRole('textbox', { name: 'A' }).getAttribute('aria-invalid');
      assert.equal(told, isState ? 'true' : null);
      return isState;
    };
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

  for (const [who, method, isMarked] of [
    ['field', 'checkValidity', false],
    ['form', 'checkValidity', false],
    ['field', 'reportValidity', true],
    ['form', 'reportValidity', true],
    ['form', 'requestSubmit', true],
  ]) {
    test(`${isMarked ? 'marks' : 'does not mark'} what is wrong when a script calls ${method}() of the ${who}`, async (t) => {
      const page = await openWith(t, '<form><ink-digit required aria-label="A"></ink-digit></form>');
      const answer = await field(page).evaluate(
        (element, [who, method]) => (who === 'form' ? element.form : element)[method](),
        [who, method],
      );
      assert.equal(answer, method === 'requestSubmit' ? undefined : false);
      assert.deepEqual(await page.evaluate(() => globalThis.events), ['invalid']);
      assert.equal(await field(page).evaluate((element) => element.matches(':state(user-invalid)')), isMarked);
    });
  }

  test('may have a control by the name of its method', async (t) => {
    const page = await openWith(
      t,
      '<form><input name="checkValidity"><ink-digit required aria-label="A"></ink-digit></form>',
    );
    const names = await field(page).evaluate(({ form }) => [form.checkValidity.localName, form.elements.length]);
    assert.deepEqual(names, ['input', 2]);
  });

  test('has nothing wrong in a field that the user may not change, as in the browser’s own', async (t) => {
    const page = await openWith(
      t,
      `<form><fieldset disabled><ink-digit id="a" required aria-label="A"></ink-digit><input aria-label="A" required></fieldset>
        <p><ink-digit id="b" readonly required aria-label="B"></ink-digit><input aria-label="B" readonly required></p></form>`,
    );
    /** What the field tells, which must be what the input beside it does. */
    const told = async (selector) => {
      const read = ({ willValidate, validity: { valid, valueMissing, customError }, validationMessage }) => ({
        ...{ willValidate, valid, valueMissing, customError, hasMessage: validationMessage !== '' },
      });
      const own = await field(page, selector).evaluate(read);
      assert.deepEqual(own, await page.locator(`${selector} + input`).evaluate(read), selector);
      return own;
    };
    const setFault = (text) =>
      page.evaluate(
        (text) => document.querySelectorAll('ink-digit, input').forEach((one) => one.setCustomValidity(text)),
        text,
      );
    for (const selector of ['#a', '#b']) {
      const { valid, hasMessage } = await told(selector);
      assert.deepEqual([valid, hasMessage], [true, false]);
    }
    await setFault('Not here.');
    for (const selector of ['#a', '#b']) assert.equal((await told(selector)).hasMessage, false);
    await page.evaluate(() => {
      document.querySelector('fieldset').disabled = false;
      document.querySelectorAll('[readonly]').forEach((one) => (one.readOnly = false));
    });
    for (const selector of ['#a', '#b']) {
      const { customError, valueMissing } = await told(selector);
      assert.deepEqual([customError, valueMissing], [true, true]);
    }
    await setFault('');
    for (const selector of ['#a', '#b']) assert.equal((await told(selector)).hasMessage, true);
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

  test('that nobody touched has what the page gives it now when the user comes back', async (t) => {
    const page = await openWith(t, '<form><ink-digit name="a" value="3" aria-label="A"></ink-digit></form>');
    assert.equal(await value(page), '3');
    await page.goto(`${elements.url}favicon.svg`);
    await page.goBack();
    await page.waitForFunction(() => document.readyState === 'complete' && customElements.get('ink-digit'));
    await field(page).evaluate((element) => element.setAttribute('value', '8'));
    assert.equal(await value(page), '8');
  });

  test('gets back what was typed there, but for a field with autocomplete="off"', async (t) => {
    const page = await openWith(
      t,
      `<form><ink-digit id="a" autocomplete="Off" aria-label="A"></ink-digit><ink-digit id="b" aria-label="B"></ink-digit></form>`,
    );
    for (const selector of ['#a', '#b']) await field(page, selector).press('4');
    await page.goto(`${elements.url}favicon.svg`);
    await page.goBack();
    await waitForValue(page, '4', '#b');
    assert.equal(await value(page, '#a'), '');
  });

  test('keeps what was read there also when nothing can be read any more', async (t) => {
    const body = '<form><ink-digit name="a" aria-label="A"></ink-digit></form>';
    const page = await openWith(t, body, { ownClock: true });
    page.expectedProblems = missingFile;
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    await page.context().route(/inkdigit\/(worker|reader)\.js/, (route) => route.abort());
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
    await page.context().route('**/inkdigit/worker.js', async (route) => {
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

  for (const name of ['elements', 'requestSubmit', 'getRootNode', 'addEventListener']) {
    test(`is sent by Enter where a control is called ${name}`, async (t) => {
      const page = await openWith(
        t,
        `<form><ink-digit name="a" aria-label="A"></ink-digit><input type="checkbox" name="${name}"></form>`,
      );
      await field(page).press('6');
      await page.keyboard.press('Enter');
      assert.deepEqual(await sent(page), [['a', '6']]);
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
