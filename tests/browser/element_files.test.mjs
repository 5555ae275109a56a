// What <ink-digit> fetches to read by, when, and what it does where that cannot be had.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  draw,
  drawByFinger,
  eventsToEnd,
  field,
  press,
  sent,
  strictPolicy,
  useElements,
  value,
  waitForState,
  waitForValue,
} from './element_support.mjs';
import { copySite, drawnFour, drawnOne, eventually, missingFile, serveSite } from './support.mjs';

const { openWith } = useElements();

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

  test('the only script that is fetched to read by is the worker’s: what starts it is there already', async (t) => {
    const page = await openWith(t, '<ink-digit hidden aria-label="Floor"></ink-digit>');
    const scripts = [];
    await page.context().route('**/inkdigit/*.js', (route) => {
      scripts.push(new URL(route.request().url()).pathname);
      return route.continue();
    });
    await field(page).evaluate((element) => (element.hidden = false));
    await draw(page, drawnFour);
    await waitForValue(page, '4');
    assert.deepEqual(scripts, ['/inkdigit/worker.js']);
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

describe('where no worker can be started', () => {
  const policies = {
    'the policy allows none': strictPolicy.replace("worker-src 'self'", "worker-src 'none'"),
    'the policy allows no Trusted Types of the package': strictPolicy.replace(
      'trusted-types inkdigit',
      'trusted-types other',
    ),
  };
  const violation = /Content Security Policy|policy: |Trusted/;

  for (const [why, policy] of Object.entries(policies)) {
    test(`since ${why}, drawings are read on the page’s own thread`, async (t) => {
      const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { policy });
      page.expectedProblems = violation;
      await draw(page, drawnFour);
      await waitForValue(page, '4');
      assert.equal(page.workers().length, 0);
      assert.equal((await page.evaluate(() => globalThis.events)).includes('failure'), false);
    });
  }

  test('since its script does not come, neither is told of', async (t) => {
    const page = await openWith(t, '<ink-digit hidden aria-label="Floor"></ink-digit>');
    page.expectedProblems = missingFile;
    await page.context().route('**/inkdigit/worker.js', (route) => route.fulfill({ status: 404 }));
    await field(page).evaluate((element) => (element.hidden = false));
    await draw(page, drawnFour);
    await waitForValue(page, '4');
  });

  test('and nothing else can be had, either, the error tells of the worker', async (t) => {
    const page = await openWith(t, '<ink-digit hidden aria-label="Floor"></ink-digit>');
    page.expectedProblems = missingFile;
    await page.context().route(/inkdigit\/(worker|reader)\.js/, (route) => route.fulfill({ status: 404 }));
    await field(page).evaluate((element) => (element.hidden = false));
    await waitForState(page, 'failed');
    const { code, message } = await field(page).evaluate(({ error: { code, message } }) => ({ code, message }));
    assert.equal(code, 'load');
    assert.match(message, /^The worker of /);
  });
});

describe('where the files are not to be had', () => {
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

  test('and a failed drawing takes the place of what was typed, change tells that the value is gone', async (t) => {
    const page = await openWith(t, '<ink-digit aria-label="Floor"></ink-digit>', { hasTouch: true });
    await field(page).evaluate((element) => (element.classifier = { classify: () => Promise.reject(new Error('no')) }));
    await page.getByRole('textbox', { name: 'Floor' }).fill('5');
    await page.evaluate(() => {
      document.activeElement.blur();
      globalThis.events.length = 0;
    });
    await drawByFinger(page, drawnOne);
    await page.waitForFunction(() => globalThis.events.includes('failure'));
    const told = await page.evaluate(() => globalThis.events);
    assert.deepEqual([told.includes('input'), told.filter((type) => type === 'change').length], [true, 1]);
    assert.equal(await value(page), '');
  });

  test('and base-url is mended before that is known, the drawing is read from there', async (t) => {
    const page = await openWith(t, '<ink-digit base-url="./nowhere/" hidden aria-label="Floor"></ink-digit>');
    page.expectedProblems = missingFile;
    const asked = []; // what is to be refused
    await page.context().route('**/nowhere/**', (route) => asked.push(route));
    await field(page).evaluate((element) => (element.hidden = false));
    await draw(page, drawnFour);
    await waitForState(page, 'reading');
    await eventually(() => asked.length > 0, 'nothing was asked for');
    await field(page).evaluate((element) => (element.baseUrl = './inkdigit/'));
    for (const route of asked) await route.abort();
    await waitForValue(page, '4');
    assert.equal((await page.evaluate(() => globalThis.events)).includes('failure'), false);
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
    const scripts = /inkdigit\/(worker|reader)\.js/;
    await page.context().route(scripts, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/reader.js')); // the last
    await field(page).evaluate((element) => (element.hidden = false));
    await failed;
    await page.context().unroute(scripts);
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
