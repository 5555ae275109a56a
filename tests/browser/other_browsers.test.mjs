// The page, the package and <ink-digit> in stock Firefox and in Safari's engine.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { firefox } from 'playwright-core';
import { which } from '../../scripts/shell.mjs';
import { copySite, drawnFour, serveSite } from './support.mjs';
import { hasWebKit, launchWebKit } from './webdriver.mjs';

const firefoxProgram = ['firefox-esr', 'firefox'].map(which).find(Boolean);

/** As launchWebKit. */
async function launchFirefox() {
  const browser = await firefox.launch({ channel: 'moz-firefox', executablePath: firefoxProgram });
  const page = await browser.newPage();
  return {
    goto: (url) => page.goto(url),
    evaluate: (run, argument) => page.evaluate(run, argument),
    async drag(points) {
      await page.mouse.move(...points[0]);
      await page.mouse.down();
      for (const point of points) await page.mouse.move(...point);
      await page.mouse.up();
    },
    close: () => browser.close(),
  };
}

/** Resolves when `isTrue` does, in the page. */
async function waitUntil(browser, isTrue, argument) {
  for (const limit = Date.now() + 30_000; !(await browser.evaluate(isTrue, argument));) {
    if (Date.now() >= limit) {
      const words = await browser.evaluate(() => document.body.innerText.slice(0, 600));
      assert.fail(`never true: ${isTrue}\nThe page says:\n${words}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Draws a four on the canvas that `find`, in the page, gives the box of. */
async function drawFour(browser, find) {
  const box = await browser.evaluate(find);
  for (const stroke of drawnFour) {
    await browser.drag(stroke.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]));
  }
}

const browsers = {
  Firefox: { isThere: firefoxProgram !== undefined, launch: launchFirefox, learningThreads: 2 },
  // Says that it is isolated, and has no shared memory all the same.
  WebKitGTK: { isThere: hasWebKit(), launch: launchWebKit, learningThreads: 1 },
};

for (const [name, { isThere, launch, learningThreads }] of Object.entries(browsers)) {
  describe(name, { skip: !isThere && `${name} is not installed: npm run setup brings it` }, () => {
    let browser;
    let site;
    before(async () => {
      site = await serveSite();
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await site?.close();
    });

    test('the page reads what is drawn', async () => {
      await browser.goto(site.url);
      await waitUntil(browser, () => document.getElementById('prediction').dataset.state === 'blank');
      await drawFour(browser, () => document.getElementById('pad').getBoundingClientRect().toJSON());
      await waitUntil(browser, () => document.getElementById('prediction').dataset.digit === '4');
    });

    test('the package classifies and learns, with threads where they can be had', async () => {
      await browser.goto(site.url);
      const { threads, why, state, digit, loss, lesson } = await browser.evaluate(async () => {
        const { createClassifier, createTrainer } = await import('/inkdigit/index.js');
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 280;
        const context = canvas.getContext('2d');
        context.fillStyle = '#fff';
        context.fillRect(0, 0, 280, 280);
        context.lineWidth = 20;
        context.stroke(new Path2D('M140 40V240'));
        const classifier = await createClassifier({ threads: 2 });
        const reading = await classifier.classify(canvas);
        const trainer = await createTrainer({ seed: 1, threads: 2 });
        const images = new Float32Array(4 * 784).map((_, i) => (i % 28) / 28);
        let loss;
        for (let i = 0; i < 5; ++i) loss = await trainer.step(images, Uint8Array.of(1, 1, 1, 1));
        const lesson = await classifier.fineTune([{ drawing: canvas, label: 7 }]);
        const { threads, why } = classifier.backend;
        classifier.dispose();
        trainer.dispose();
        return { threads, why, state: reading.state, digit: reading.digit, loss, lesson };
      });
      assert.deepEqual([state, digit], ['digit', 1]);
      assert.ok(loss < 2, `${loss}`);
      assert.equal(threads, learningThreads, why);
      assert.ok(lesson.heldBack.before > 0.98, JSON.stringify(lesson));
    });

    test('<ink-digit> is a form field', async (t) => {
      const root = await copySite(t);
      await writeFile(
        path.join(root, 'element.html'),
        `<!doctype html><title>Element</title><script type="module" src="./inkdigit/element.js"></script>
        <form><label for="floor">Floor</label> <ink-digit id="floor" name="floor" required></ink-digit></form>`,
      );
      const own = await serveSite({ root });
      t.after(() => own.close());
      await browser.goto(`${own.url}element.html`);
      await waitUntil(browser, () => document.querySelector('ink-digit').validity?.valueMissing);
      await drawFour(browser, () =>
        document.querySelector('ink-digit').shadowRoot.querySelector('canvas').getBoundingClientRect().toJSON(),
      );
      await waitUntil(browser, () => document.querySelector('ink-digit').value === '4');
      const sent = await browser.evaluate(() => [...new FormData(document.querySelector('form'))].flat());
      assert.deepEqual(sent, ['floor', '4']);
      await browser.evaluate(() => document.querySelector('form').reset());
      assert.equal(await browser.evaluate(() => document.querySelector('ink-digit').value), '');
    });
  });
}
