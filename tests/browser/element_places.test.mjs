// Where <ink-digit> stands in a page: narrow places, moves, autofocus, transforms.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drawByFinger, field, padBox, useElements, waitForValue } from './element_support.mjs';
import { drawnOne, serveSite } from './support.mjs';

const { openWith } = useElements();

describe('places', () => {
  for (const [size, columns] of [
    ['of 80 px', 4],
    ['of 54 px', 6],
  ]) {
    test(`in columns ${size} all of the field is there, and what is pressed is its own`, async (t) => {
      const fields = '<ink-digit aria-label="Digit"></ink-digit>'.repeat(columns);
      const page = await openWith(t, `<section>${fields}</section>`, { viewport: { width: 360, height: 640 } });
      const grid = { display: 'grid', gridTemplateColumns: `repeat(${columns}, 1fr)`, gap: '4px' };
      await page.locator('section').evaluate((row, grid) => Object.assign(row.style, grid), grid);
      const first = page.locator('ink-digit').first();
      const { width } = await first.boundingBox();
      assert.ok(width < 90, `${width} px`);
      await first.press('7');
      const clear = await first.getByRole('button', { name: 'Clear' }).boundingBox();
      assert.ok(clear.width >= 24 && clear.height >= 24, JSON.stringify(clear));
      await page.mouse.click(clear.x + clear.width / 2, clear.y + clear.height / 2);
      assert.equal(await first.evaluate((element) => element.value), '');
    });
  }

  test('of any width, all cells of a number are there to be seen', async (t) => {
    const widths = [300, 406, 517, 733];
    const page = await openWith(t, '<ink-digit length="8" aria-label="Digits"></ink-digit>'.repeat(widths.length));
    await page
      .locator('ink-digit')
      .evaluateAll((fields, widths) => fields.forEach((one, i) => (one.style.width = `${widths[i]}px`)), widths);
    const all = await page.locator('ink-digit').evaluateAll((fields) =>
      fields.map(({ shadowRoot }) => {
        const paper = shadowRoot.querySelector('[part=paper]').getBoundingClientRect();
        const cells = [...shadowRoot.querySelectorAll('.cell')];
        return cells.map((cell) => ({
          at: (8 * (cell.getBoundingClientRect().left - paper.left)) / paper.width,
          line: parseFloat(getComputedStyle(cell).borderLeftWidth),
        }));
      }),
    );
    for (const cells of all) {
      assert.equal(cells.length, 8);
      for (const [i, { at, line }] of cells.entries()) {
        assert.ok(Math.abs(at - i) < 0.05, `cell ${i} begins at ${at}`);
        assert.equal(line, i === 0 ? 0 : 1);
      }
    }
  });

  test('a height that the page gives it is the least: nothing runs over what follows', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit><p>Next</p>');
    await field(page).evaluate((element) => (element.style.height = '60px'));
    const { y, height } = await page.locator('ink-digit').boundingBox();
    const buttons = await page.getByRole('button', { name: 'Clear' }).boundingBox();
    assert.ok(buttons.y + buttons.height <= y + height);
    assert.ok((await page.getByText('Next').boundingBox()).y >= y + height);
  });

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

describe('autofocus is as in a field of the browser', () => {
  const focused = (page) =>
    page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
      return document.activeElement.localName;
    });
  const pad = '<ink-digit autofocus aria-label="Floor"></ink-digit>';

  test('from the start, unless something else has it', async (t) => {
    assert.equal(await focused(await openWith(t, pad)), 'ink-digit');
    assert.equal(await focused(await openWith(t, `<input autofocus aria-label="Name">${pad}`)), 'input');
  });

  test('and the element is defined before the page is drawn', async (t) => {
    const page = await openWith(t, '');
    // Not by evaluate(), which counts as something that the user does.
    await page.addInitScript(async () => {
      await customElements.whenDefined('ink-digit');
      const elsewhere = document.implementation.createHTMLDocument(); // where it is not defined
      const fields = ['input', 'ink-digit'].map((name) => elsewhere.createElement(name));
      for (const field of fields) field.setAttribute('autofocus', '');
      document.querySelector('main').append(...fields);
    });
    await page.reload();
    await page.locator('ink-digit').waitFor();
    assert.equal(await focused(page), 'input');
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
    const hasBegun = new Promise((resolve) => (bringElement = resolve));
    await page.route('**/inkdigit/element.js', (route) => hasBegun.then(() => route.continue()));
    await page.reload({ waitUntil: 'commit' });
    await page.getByText('Text').click();
    bringElement();
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
