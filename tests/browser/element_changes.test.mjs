// <ink-digit> while the page changes what it is asked for, who reads, and where it stands.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  draw,
  eventsToEnd,
  field,
  fingerOn,
  useElements,
  value,
  waitForState,
  waitForValue,
} from './element_support.mjs';
import { drawnFour, drawnOne, missingFile } from './support.mjs';

const { openWith } = useElements();

const events = (page) => page.evaluate(() => globalThis.events.splice(0));

/** A classifier that takes everything for this digit; it can be passed on to the page. */
const always = (digit) => ({ digit, state: 'digit', confidence: 1 });
const readBy = (page, answer) =>
  field(page).evaluate((element, answer) => (element.classifier = { classify: async () => answer }), answer);

describe('another classifier', () => {
  test('rescues a field that could not be read, with ink or without', async (t) => {
    for (const strokes of [[], drawnOne]) {
      const page = await openWith(t, '<ink-digit base-url="./nowhere/" aria-label="Floor"></ink-digit>');
      page.expectedProblems = missingFile;
      await draw(page, strokes);
      await waitForState(page, 'failed');
      await readBy(page, always(7));
      await waitForState(page, strokes.length > 0 ? 'digit' : 'blank');
      assert.equal(await value(page), strokes.length > 0 ? '7' : '');
      assert.equal(await field(page).evaluate(({ error }) => error), null);
    }
  });

  test('reads what one that never answers was asked for', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await field(page).evaluate((element) => (element.classifier = { classify: () => new Promise(() => {}) }));
    await draw(page, drawnOne);
    await waitForState(page, 'reading');
    await readBy(page, always(7));
    await waitForValue(page, '7');
  });
});

for (const [how, attribute] of [
  ['read-only', 'readonly'],
  ['disabled', 'disabled'],
]) {
  test(`a ${how} field keeps what was read until it may change, and then has it read as is asked for now`, async (t) => {
    const page = await openWith(t, '<form><ink-digit name="floor" aria-label="Floor"></ink-digit></form>');
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    await field(page).evaluate((element, attribute) => element.toggleAttribute(attribute, true), attribute);
    await readBy(page, always(7));
    await field(page).evaluate((element) => (element.acceptUnsure = true));
    assert.deepEqual(await field(page).evaluate(({ value, state }) => [value, state]), ['4', 'digit']);
    await field(page).evaluate((element, attribute) => element.toggleAttribute(attribute, false), attribute);
    await waitForValue(page, '7');
  });
}

test('an attribute that is set to what it is changes nothing', async (t) => {
  const page = await openWith(t, '<form><ink-digit length="1" accept-unsure aria-label="Floor"></ink-digit></form>');
  await draw(page, drawnFour);
  await waitForValue(page, '4');
  await events(page);
  await field(page).evaluate((element) => {
    element.length = 1;
    element.acceptUnsure = true;
  });
  assert.deepEqual(await field(page).evaluate(({ value, state }) => [value, state]), ['4', 'digit']);
  assert.ok(!(await events(page)).some((event) => event.startsWith('classify')));
});

test('a classifier that is set again reads nothing anew', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
  const calls = () => page.evaluate(() => globalThis.calls);
  await field(page).evaluate((element) => {
    globalThis.calls = 0;
    element.classifier = { classify: async () => ({ digit: 7, state: 'digit', confidence: ++globalThis.calls && 1 }) };
  });
  await draw(page, drawnOne);
  await waitForValue(page, '7');
  await page.waitForFunction(() => globalThis.events.includes('change'));
  const before = await calls();
  await field(page).evaluate((element) => {
    globalThis.events.length = 0;
    const { classifier } = element;
    element.classifier = classifier;
  });
  await page.evaluate(() => new Promise(requestAnimationFrame));
  assert.deepEqual([await value(page), await calls(), await events(page)], ['7', before, []]);
});

for (const [how, method, wanted] of [
  ['by a value of its own', 'set', '5'],
  ['by resetting the form', 'reset', '3'],
]) {
  test(`a page that answers ${how} when ink takes the place of what was typed has its way`, async (t) => {
    const page = await openWith(t, '<form><ink-digit value="3" aria-label="Floor"></ink-digit></form>');
    await page.getByRole('textbox', { name: 'Floor' }).fill('8');
    await field(page).evaluate((element, method) => {
      const answers = { set: () => (element.value = '5'), reset: () => element.form.reset() };
      element.addEventListener('input', () => element.value === '' && answers[method](), { once: true });
    }, method);
    await events(page);
    await draw(page, drawnOne);
    await page.waitForFunction(() => globalThis.events.length > 0);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    assert.deepEqual([await value(page), await events(page)], [wanted, ['input']]);
  });
}

describe('a page that answers a reading', () => {
  for (const [how, type, method] of [
    ['by clearing the field', 'input', 'clear'],
    ['by resetting the form', 'input', 'reset'],
    ['by a value of its own', 'classify', 'set'],
  ]) {
    test(`${how}: nobody is told of a digit that does not count`, async (t) => {
      const page = await openWith(t, '<form><ink-digit aria-label="Floor"></ink-digit></form>', { ownClock: true });
      await field(page).evaluate(
        (element, [type, method]) => {
          const answers = {
            clear: () => element.clear(),
            reset: () => element.form.reset(),
            set: () => (element.value = '3'),
          };
          element.addEventListener(type, () => answers[method]());
          globalThis.said = [];
          const status = element.shadowRoot.querySelector('[role=status]');
          new MutationObserver(() => globalThis.said.push(status.textContent)).observe(status, { childList: true });
        },
        [type, method],
      );
      await draw(page, drawnFour);
      await page.waitForFunction((type) => globalThis.events.some((event) => event.startsWith(type)), type);
      await eventsToEnd(page);
      assert.deepEqual(await page.evaluate(() => globalThis.said), []);
      assert.equal(await value(page), method === 'set' ? '3' : '');
    });
  }

  test('by a value of its own is not told that it has changed', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    await draw(page, drawnOne);
    await page.waitForFunction(() => globalThis.events.includes('change'));
    await field(page).evaluate((element) => element.addEventListener('classify', () => (element.value = '3')));
    await events(page);
    await readBy(page, always(7));
    await waitForValue(page, '3');
    assert.deepEqual(await events(page), ['classify 7 digit']);
  });
});

test('a field that is moved under a finger has its stroke end there', async (t) => {
  const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit><p></p>', { hasTouch: true });
  const touch = await fingerOn(page);
  const [first, ...others] = drawnOne[0];
  await touch('touchStart', [first]);
  for (const point of others) await touch('touchMove', [point]);
  await field(page).evaluate((element) => document.querySelector('p').append(element));
  await touch('touchEnd', []);
  await page.waitForFunction(() => globalThis.events.includes('change'));
  assert.equal(await value(page), '1');
});

test('null and undefined are no texts', async (t) => {
  const page = await openWith(
    t,
    '<form><ink-digit name="floor" base-url="./inkdigit/" aria-label="Floor"></ink-digit></form>',
  );
  const attributes = await field(page).evaluate((element) => {
    element.name = null;
    element.baseUrl = undefined;
    element.workerUrl = undefined;
    return element.getAttributeNames().filter((name) => ['name', 'base-url', 'worker-url'].includes(name));
  });
  assert.deepEqual(attributes, []);
});
