// What a page styles <ink-digit> by: every property and part that element.d.ts names, and no other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { projectFolder } from '../../scripts/shell.mjs';
import { draw, field, scribble, useElements, waitForState } from './element_support.mjs';
import { drawnOne } from './support.mjs';

const { openWith } = useElements();

/** The names in element.d.ts' list that begins with these words. */
function documented(beginning) {
  const text = readFileSync(path.join(projectFolder, 'web/package/element.d.ts'), 'utf8').replaceAll('\n * ', ' ');
  const list = text.slice(text.indexOf(beginning) + beginning.length).split('. ')[0];
  return [...list.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
}

const colour = 'rgb(1, 120, 210)';
/** Property → [its value, what shows it, and what that has of it then]; `focused`: while the field has the focus. */
const shown = {
  '--ink-digit-size': ['123px', '.paper', { width: '123px', height: '123px' }],
  '--ink-digit-paper': [colour, '.field', { backgroundColor: colour }],
  '--ink-digit-ink': [colour, 'canvas', { color: colour }],
  '--ink-digit-text': [colour, 'input', { color: colour }],
  '--ink-digit-line': [colour, '.field', { borderTopColor: colour }],
  '--ink-digit-accent': [colour, '.field', { borderTopColor: colour }, 'focused'],
  '--ink-digit-error': [colour, '.notice', { color: colour }],
  '--ink-digit-radius': ['7px', '.field', { borderTopLeftRadius: '7px' }],
};

test('each property that is documented is tested here', () => {
  const [first, ...others] = documented('CSS custom properties: ');
  assert.deepEqual([first, ...others.map((end) => `--ink-digit${end}`)].sort(), Object.keys(shown).sort());
});

for (const [property, [value, selector, expected, isFocused]] of Object.entries(shown)) {
  test(`${property} is followed`, async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    if (isFocused) await field(page).getByRole('textbox').focus();
    /** How it looks, before and after. */
    const looks = await field(page).evaluate(
      async (element, [property, value, selector, names]) => {
        const look = () => {
          const style = getComputedStyle(element.shadowRoot.querySelector(selector));
          return Object.fromEntries(names.map((name) => [name, style[name]]));
        };
        const before = look();
        element.style.setProperty(property, value);
        await new Promise((resolve) => setTimeout(resolve, 50)); // the ink's colour has a transition of 1 ms
        return [before, look()];
      },
      [property, value, selector, Object.keys(expected)],
    );
    assert.notDeepEqual(looks[0], expected);
    assert.deepEqual(looks[1], expected);
  });
}

test('--ink-digit-size is the height of a number’s paper, too', async (t) => {
  const page = await openWith(t, '<ink-digit length="3" aria-label="Room"></ink-digit>');
  const height = await field(page).evaluate((element) => {
    element.style.setProperty('--ink-digit-size', '100px');
    return getComputedStyle(element.shadowRoot.querySelector('.paper')).height;
  });
  assert.equal(height, '100px');
});

describe('the parts', () => {
  /** The names in all fields of the page. */
  const parts = (page) =>
    page.evaluate(() =>
      [...document.querySelectorAll('ink-digit')].flatMap(({ shadowRoot }) =>
        [...shadowRoot.querySelectorAll('[part]')].flatMap(({ part }) => [...part]),
      ),
    );

  test('that are documented are there, and no others', async (t) => {
    const page = await openWith(
      t,
      '<ink-digit id="unsure" aria-label="Floor"></ink-digit><ink-digit id="failed" aria-label="Room"></ink-digit>',
    );
    await field(page, '#failed').evaluate((element) => (element.classifier = { classify: () => Promise.reject() }));
    await draw(page, scribble, { selector: '#unsure' });
    await draw(page, drawnOne, { selector: '#failed' });
    await waitForState(page, 'unsure', '#unsure');
    await waitForState(page, 'failed', '#failed');
    assert.deepEqual([...new Set(await parts(page))].sort(), documented('Parts: ').sort());
  });

  test('are styled by the page', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>');
    const looks = await field(page).evaluate(
      (element, [names, colour]) => {
        const sheet = new CSSStyleSheet();
        for (const name of names) sheet.insertRule(`ink-digit::part(${name}) { outline: 3px solid ${colour}; }`);
        document.adoptedStyleSheets = [sheet];
        const made = [...element.shadowRoot.querySelectorAll('[part]')];
        return made.map((one) => getComputedStyle(one).outlineColor);
      },
      [documented('Parts: '), colour],
    );
    assert.ok(looks.length > 5);
    assert.deepEqual(new Set(looks), new Set([colour]));
  });
});
