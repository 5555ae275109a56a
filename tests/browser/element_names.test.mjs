// How <ink-digit> is named, and what it says to who cannot see it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { draw, field, scribble, useElements, value, waitForState } from './element_support.mjs';
import { drawnFour } from './support.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const { openWith } = useElements();

/** What the input is called, to the letter. */
const nameOf = (page, selector) => field(page, selector).getByRole('textbox').getAttribute('aria-label');

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
      await page.getByRole('textbox', { name: 'Floor' }).fill('7');
      assert.equal(await value(page), '7');
    });
  }

  for (const [what, content] of Object.entries({
    'a sign for the eye': 'Floor <span aria-hidden="true">*</span>',
    'a part that is hidden': '<b hidden>Which</b> Floor',
    'data for a script': 'Floor<script type="application/json">{}</script>',
    'more space than is seen': '\n  <b>Flo</b>or\n',
    'a picture': '<img alt="Floor">',
    'an icon with a name': '<i aria-label="Floor">⇅</i>',
    'a comment': 'Floor<!-- or level -->',
  })) {
    test(`a label with ${what} is called what is read out of it`, async (t) => {
      const page = await openWith(
        t,
        `<label for="a">${content}</label><ink-digit id="a"></ink-digit>
         <label>${content}<ink-digit id="b"></ink-digit></label>
         <p id="n" hidden>${content}</p><ink-digit id="c" aria-labelledby="n"></ink-digit>`,
      );
      for (const selector of ['#a', '#b', '#c']) assert.equal(await nameOf(page, selector), 'Floor', selector);
    });
  }

  for (const [what, content, wanted] of [
    ['a part that CSS does not display', 'Floor <b style="display: none">Please fill in</b>', 'Floor'],
    ['a part that CSS hides', 'Floor <b style="visibility: hidden">Please fill in</b>', 'Floor'],
    ['a part without a box of its own', '<b style="display: contents">Flo</b>or', 'Floor'],
    ['letters of their own kind', '<b>Flo</b>or', 'Floor'],
    ['lines', 'Floor<br>of the house', 'Floor of the house'],
    ['blocks', '<b style="display: block">Floor</b><small>as on the door</small>', 'Floor as on the door'],
  ]) {
    test(`a label with ${what} is called what is seen of it`, async (t) => {
      const page = await openWith(
        t,
        `<label for="a">${content}</label><ink-digit id="a"></ink-digit>
         <label>${content}<ink-digit id="b"></ink-digit></label>`,
        { policy: "style-src 'unsafe-inline'" },
      );
      for (const selector of ['#a', '#b']) assert.equal(await nameOf(page, selector), wanted, selector);
    });
  }

  test('what names the field may be hidden itself; it is called anew when a part is shown', async (t) => {
    const page = await openWith(
      t,
      `<p id="a" style="visibility: hidden"><b>Floor</b></p><ink-digit aria-labelledby="a"></ink-digit>
       <p id="b">Room <b style="display: none">wanted</b></p><ink-digit aria-labelledby="b"></ink-digit>`,
      { policy: "style-src 'unsafe-inline'" },
    );
    const names = () => Promise.all(['a', 'b'].map((id) => nameOf(page, `[aria-labelledby=${id}]`)));
    assert.deepEqual(await names(), ['Floor', 'Room']);
    await page.evaluate(() => (document.querySelector('#b b').style.display = 'inline'));
    assert.deepEqual(await names(), ['Floor', 'Room wanted']);
  });

  test('elements that the page sets as what names and describes the field do so', async (t) => {
    const page = await openWith(t, '<p>Floor</p><p>Level</p><ink-digit title="Below"></ink-digit>');
    const nameBy = (...indices) =>
      field(page).evaluate((element, indices) => {
        const [name, description] = indices.map((i) => [document.querySelectorAll('p')[i]]);
        Object.assign(element, { ariaLabelledByElements: name, ariaDescribedByElements: description });
      }, indices);
    const told = async () => [await nameOf(page), await page.locator('#description').textContent()];
    await nameBy(0, 1);
    assert.deepEqual(await told(), ['Floor', 'Level']);
    await nameBy(1, 0);
    assert.deepEqual(await told(), ['Level', 'Floor']);
    await page.evaluate(() => (document.querySelectorAll('p')[1].textContent = 'Storey'));
    assert.deepEqual(await told(), ['Storey', 'Floor']);
    await field(page).evaluate((element) =>
      Object.assign(element, { ariaLabelledByElements: null, ariaDescribedByElements: null }),
    );
    assert.deepEqual(await told(), ['Below', '']);
  });

  test('aria-describedby describes what has the focus, before the field’s own hint', async (t) => {
    const page = await openWith(
      t,
      '<ink-digit aria-label="Floor" aria-describedby="where"></ink-digit><p id="where">On <s aria-hidden="true">→</s> the door.</p>',
    );
    const session = await page.context().newCDPSession(page);
    const description = async () => {
      const { nodes } = await session.send('Accessibility.getFullAXTree');
      return nodes.find(({ role, name }) => role?.value === 'textbox' && name?.value === 'Floor').description.value;
    };
    assert.equal(await description(), 'On the door. Draw a digit above, or type it here.');
    await page.evaluate(() => (document.querySelector('#where').textContent = 'Beside it.'));
    assert.equal(await description(), 'Beside it. Draw a digit above, or type it here.');
    await field(page).evaluate((element) => element.removeAttribute('aria-describedby'));
    assert.equal(await description(), 'Draw a digit above, or type it here.');
  });

  test('a title describes a field that something else names', async (t) => {
    const page = await openWith(t, '<label>PIN <ink-digit title="On the back of the card"></ink-digit></label>');
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const found = nodes.find(({ role }) => role?.value === 'textbox').description.value;
    assert.equal(found, 'On the back of the card Draw a digit above, or type it here.');
  });

  test('the name follows what becomes of the labels and of what else names the field', async (t) => {
    const page = await openWith(t, '<ink-digit></ink-digit><p></p>');
    const steps = [
      ['Digit', () => document.querySelector('main').append(document.createElement('label'))],
      ['Digit', ({ label }) => (label.htmlFor = 'a')],
      ['Digit', ({ label }) => label.append('Floor')],
      ['Floor', ({ element }) => (element.id = 'a')],
      ['Level', ({ label }) => (label.firstChild.data = 'Level')],
      ['Digit', ({ label }) => (label.htmlFor = 'b')],
      ['Level', ({ label }) => (label.htmlFor = 'a')],
      ['Digit', ({ label }) => label.remove()],
      ['Digit', ({ element }) => element.setAttribute('aria-labelledby', 'n')],
      ['Digit', ({ other }) => other.append('Room')],
      ['Room', ({ other }) => (other.id = 'n')],
      ['Door', ({ other }) => (other.textContent = 'Door')],
      ['Way out', ({ other }) => other.setAttribute('aria-label', 'Way out')],
      ['Digit', ({ other }) => other.remove()],
    ];
    for (const [name, step] of steps) {
      await page.evaluate(`(${step})({
        element: document.querySelector('ink-digit'),
        label: document.querySelector('label'),
        other: document.querySelector('p'),
      })`);
      assert.equal(await nameOf(page), name, `after ${step}`);
    }
  });

  test('the name follows in a shadow tree, too', async (t) => {
    const page = await openWith(t, '<div></div>');
    await page.evaluate(() => {
      const root = document.querySelector('div').attachShadow({ mode: 'open' });
      root.append(Object.assign(document.createElement('ink-digit'), { id: 'a' }));
      root.prepend(Object.assign(document.createElement('label'), { htmlFor: 'a', textContent: 'Floor' }));
    });
    assert.equal(await nameOf(page), 'Floor');
    await page.evaluate(() => (document.querySelector('div').shadowRoot.querySelector('label').textContent = 'Level'));
    assert.equal(await nameOf(page), 'Level');
  });

  test('aria-invalid of the page is passed on to what has the focus', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor" aria-invalid="true"></ink-digit>');
    const told = () => field(page).getByRole('textbox').getAttribute('aria-invalid');
    assert.equal(await told(), 'true');
    await field(page).evaluate((element) => element.removeAttribute('aria-invalid'));
    assert.equal(await told(), null);
  });

  test('where colours are forced, an outline tells where the focus is', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { forcedColors: 'active' });
    const outline = () =>
      field(page).evaluate((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element.shadowRoot.querySelector('.field'));
        return outlineStyle === 'none' ? 'none' : `${outlineStyle} ${outlineWidth}`;
      });
    assert.equal(await outline(), 'none');
    await field(page).focus();
    assert.equal(await outline(), 'solid 2px');
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

  test('what is told again is a change for those who listen', async (t) => {
    const page = await openWith(t, '<form><ink-digit aria-label="Floor"></ink-digit></form>');
    const said = page.getByRole('status').filter({ hasText: 'Read as 4.' });
    await field(page).evaluate((element) => {
      globalThis.said = [];
      const status = element.shadowRoot.querySelector('[role=status]');
      new MutationObserver(() => globalThis.said.push(status.textContent)).observe(status, { childList: true });
    });
    await draw(page, drawnFour);
    await said.waitFor();
    await field(page).evaluate((element) => element.form.reset());
    await draw(page, drawnFour);
    await said.waitFor();
    assert.deepEqual(await page.evaluate(() => globalThis.said), ['Read as 4.', '', 'Read as 4.']);
  });

  test('words can be in another language, also those of fields that stand in the page already', async (t) => {
    const page = await openWith(t, '<ink-digit required></ink-digit>');
    const away = await page.evaluateHandle(() => document.createElement('ink-digit'));
    await draw(page, scribble);
    await waitForState(page, 'unsure');
    await page.evaluate(() =>
      customElements.get('ink-digit').setWords({
        name: () => 'Ziffer',
        hint: () => 'Zeichnen oder tippen.',
        pad: 'Zeichenfläche',
        invitation: (length) => `${length} zeichnen`,
        clear: 'Löschen',
        choose: (guess) => `Es ist ${guess}`,
        notRead: 'Bitte wählen.',
        undo: undefined, // not translated yet
      }),
    );
    await page.getByRole('textbox', { name: 'Ziffer' }).waitFor();
    await page.getByRole('img', { name: 'Zeichenfläche' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).waitFor(); // as it was
    await page
      .getByRole('button', { name: /^Es ist \d$/ })
      .first()
      .waitFor();
    assert.equal(await field(page).evaluate((element) => element.validationMessage), 'Bitte wählen.');
    await page.getByRole('button', { name: 'Löschen' }).click();
    await page.getByText('1 zeichnen').waitFor();
    // And those of a field that was made before, and has come since.
    await away.evaluate((element) => document.querySelector('main').append(element));
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
