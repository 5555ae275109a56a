// How <ink-digit> is named, and what it says to who cannot see it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { draw, field, scribble, useElements, value, waitForState } from './element_support.mjs';
import { drawnFour } from './support.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const { openWith } = useElements();

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
