// Runs that are over: nothing is lost, several tabs share them, and what was deleted can be had back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, eventually, useSite } from './support.mjs';
import {
  choose,
  finished,
  endlessRun,
  fillStorage,
  learning,
  quickRun,
  opened,
  openTraining,
  runRows,
  start,
  status,
} from './train_support.mjs';

const stage = useSite();

/** Another tab of the same browser. */
async function openTab(page) {
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await button(tab, 'Start training').waitFor();
  return tab;
}

async function train(page, settings = quickRun) {
  await choose(page, settings);
  await start(page);
  await finished(page);
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

/** The Train view of a page that can be made to refuse calls to its workers: see refuse(). */
async function openRefusing(t) {
  const page = await openTraining(t, stage);
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      const isRefused = message.method === globalThis.refused;
      return postMessage.call(this, isRefused ? { ...message, method: 'none' } : message, ...rest);
    };
  });
  await page.reload();
  return page;
}

const refuse = (page, method) => page.evaluate((method) => (globalThis.refused = method), method);

test('weights that cannot be read out at the end are asked for again, and the run is kept', async (t) => {
  const page = await openRefusing(t);
  await refuse(page, 'exportWeights');
  await train(page);
  await page.getByText('The run has ended, but its weights could not be read out.').waitFor();
  await button(page, 'Try again').click();
  await button(page, 'Try again').waitFor();
  assert.equal(await runRows(page).count(), 0);

  await refuse(page, 'nothing');
  await button(page, 'Try again').click();
  await runRows(page).waitFor();
  await page.getByRole('heading', { name: 'Run 1' }).waitFor();
  await Promise.all([page.waitForEvent('download'), button(page, 'Export weights').click()]);
});

test('a run that fails in a later epoch is kept as it was at the end of the last', async (t) => {
  const page = await openRefusing(t);
  await choose(page, { ...endlessRun, preset: 'No hidden layer' });
  await start(page);
  await status(page)
    .filter({ hasText: /Epoch \d+ of 100 done/ })
    .waitFor();
  await refuse(page, 'fit');
  await status(page).filter({ hasText: 'The run has failed.' }).waitFor();
  await runRows(page).filter({ hasText: '(stopped)' }).waitFor();
  await page.getByRole('heading', { name: 'Run 1' }).waitFor();
  await button(page, 'Measure on the test set').click();
  await page.getByText(/of the test pictures are read right/).waitFor();
});

test('a run that cannot be paused has failed, and says so', async (t) => {
  const page = await openRefusing(t);
  await choose(page, endlessRun);
  await start(page);
  await learning(page);
  await refuse(page, 'pause');
  await button(page, 'Pause').click();
  await status(page).filter({ hasText: 'The run has failed.' }).waitFor();
  await button(page, 'Start training').waitFor();
});

/** Waits until something of a run is written. */
const written = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open('inkdigit-training').onsuccess = ({ target: { result: database } }) => {
          const look = () => {
            database.transaction('runs').objectStore('runs').count().onsuccess = ({ target }) => {
              if (target.result > 0) resolve(database.close());
              else setTimeout(look, 50);
            };
          };
          look();
        };
      }),
  );

test('a tab that is killed loses no more than an epoch', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, { ...endlessRun, preset: 'No hidden layer' });
  await start(page);
  await written(page);
  assert.equal(await runRows(page).count(), 0, 'it is no earlier run yet');
  const tab = await openTab(page);
  await page.close();
  await runRows(tab).filter({ hasText: '(so far)' }).waitFor();
  await button(tab, 'Measure on the test set').click();
  await tab.getByText(/of the test pictures are read right/).waitFor();
});

/** How many epochs the run that goes on has behind it. */
const epochsDone = async (page) => Number((await status(page).innerText()).match(/Epoch (\d+) of/)?.[1] ?? 0);

/** Waits until as many more epochs are over. */
async function moreEpochs(page, count) {
  const before = await epochsDone(page);
  await eventually(async () => (await epochsDone(page)) >= before + count, 'it goes on', { within: 30_000 });
}

/** → { page: where a run goes on, of which an epoch is kept by now, tab: another one } */
async function openBesideRun(t) {
  const page = await openTraining(t, stage);
  await choose(page, { ...endlessRun, preset: 'No hidden layer' });
  await start(page);
  await written(page);
  const tab = await openTab(page);
  return { page, tab };
}

test('what a run has come to so far is told in other tabs, and so is its end', async (t) => {
  const { page, tab } = await openBesideRun(t);
  await runRows(tab).filter({ hasText: '(so far)' }).waitFor();
  await tab.getByText('So far: it goes on in another tab, or was broken off.').waitFor();
  await button(page, 'Stop').click();
  await runRows(tab).filter({ hasText: '(stopped)' }).waitFor();
  await tab.getByText('Stopped early.').waitFor();
});

test('what is shown in other tabs goes on with the run; what was measured of it before does not take its place', async (t) => {
  const { page, tab } = await openBesideRun(t);
  const measure = button(tab, 'Measure on the test set').and(tab.locator(':not([aria-disabled])'));
  const [epochs, tested] = [4, 6].map((column) => runRows(tab).locator(`td:nth-child(${column})`));
  const release = await hold(tab, 'mnist/test_labels.bin');
  await measure.click();
  const before = await epochs.innerText();
  await moreEpochs(page, 2);
  await button(page, 'Pause').click();
  await button(page, 'Resume').waitFor();
  await eventually(async () => (await epochs.innerText()) !== before, 'the other tab is told of an epoch');
  let after;
  const isLast = async () => {
    after = await epochs.innerText();
    await tab.waitForTimeout(1000); // an epoch that was over just before the pause may still be on its way
    return (await epochs.innerText()) === after;
  };
  await eventually(isLast, 'it is paused', { within: 20_000 });
  release();
  await measure.click();
  await tab.getByText(/of the test pictures are read right/).waitFor();
  assert.equal(await epochs.innerText(), after);
  assert.match(await tested.innerText(), /%$/);
});

test('a run that goes on is not brought back by its next epochs, once another tab has deleted it', async (t) => {
  const { page, tab } = await openBesideRun(t);
  await moreEpochs(page, 1);
  await button(tab, 'Delete run').click();
  await tab.getByRole('alert').filter({ hasText: 'Run 1 is deleted.' }).waitFor();
  await moreEpochs(page, 2);
  await tab.reload();
  await opened(tab);
  assert.equal(await runRows(tab).count(), 0);
});

test('a run that could not be kept is told apart, and kept once there is room', async (t) => {
  const page = await openTraining(t, stage);
  await page.evaluate(() => (globalThis.put = IDBObjectStore.prototype.put));
  await page.evaluate(fillStorage);
  await train(page);
  await runRows(page).filter({ hasText: 'not kept' }).waitFor();
  await train(page, { ...quickRun, Seed: '2' });
  await runRows(page).filter({ hasText: 'not kept' }).nth(1).waitFor();

  await page.evaluate(() => (IDBObjectStore.prototype.put = globalThis.put));
  await button(page, 'Delete run').click(); // that of the newest
  await runRows(page).filter({ hasText: 'not kept' }).first().waitFor({ state: 'detached' });
  assert.equal(await runRows(page).count(), 1);
  await page.reload();
  await runRows(page).filter({ hasText: 'Run 1' }).waitFor();
  await button(page, 'Measure on the test set').click(); // its weights are there, too
  await page.getByText(/of the test pictures are read right/).waitFor();
});

/** Files of this name do not come → a function that lets them. */
async function hold(page, file) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route(`**/${file}`, (route) => held.then(() => route.continue()).catch(() => {}));
  return release;
}

test('a measurement is of the run that it was asked for, or of none', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await train(page, { ...quickRun, Seed: '2' });
  await runRows(page).nth(1).waitFor();
  await button(page, 'Look at run 1').click();
  const release = await hold(page, 'mnist/test_labels.bin');
  await button(page, 'Measure on the test set').click();
  await page.getByText('Reading the 10,000 test pictures…').waitFor();
  await button(page, 'Look at run 2').click();
  await page.getByRole('heading', { name: 'Run 2' }).waitFor();
  release();
  await button(page, 'Measure on the test set').and(page.locator(':not([aria-disabled])')).click();
  await page.getByText(/of the test pictures are read right/).waitFor();
  const tested = runRows(page).locator('td:nth-child(6)');
  assert.match(await tested.nth(0).innerText(), /%$/);
  assert.equal(await tested.nth(1).innerText(), '–');
});

test('a measurement tells how far it is, and can be cancelled', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  const release = await hold(page, 'mnist/test_images_0.bin');
  await button(page, 'Measure on the test set').click();
  await page.getByRole('progressbar', { name: 'Test pictures' }).waitFor();
  await page.waitForFunction(() => document.getElementById('details-progress').value > 0); // the labels are there
  await button(page, 'Cancel').click();
  await page.getByText('Cancelled: nothing was measured.').waitFor();
  assert.equal(await page.getByRole('progressbar', { name: 'Test pictures' }).count(), 0);
  assert.equal(await focused(page), 'Measure on the test set');
  release();
  await button(page, 'Measure on the test set').click();
  await page.getByText(/of the test pictures are read right/).waitFor();
});

test('what the test set came to stands in the place of the button that measured it', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  const tools = page.locator('#details-tools button');
  const names = await tools.allInnerTexts();
  const index = names.indexOf('Measure on the test set');
  await tools.nth(index).click();
  await page.getByText(/of the test pictures are read right/).waitFor();
  const measured = (await runRows(page).locator('td:nth-child(6)').innerText()).trim();
  names[index] = `Test set: ${measured}`;
  assert.deepEqual(await tools.allInnerTexts(), names);
  assert.deepEqual(
    await tools.evaluateAll((buttons) => buttons.map((one) => one.ariaDisabled)),
    names.map((_, i) => (i === index ? 'true' : null)),
  );
  await tools.nth(index).press('Enter');
  assert.equal(await page.getByText('Reading the 10,000 test pictures…').count(), 0, 'it is done');
  await page.reload();
  await runRows(page).waitFor();
  assert.deepEqual(await tools.allInnerTexts(), names);
});

test('without a run the charts say so and have axes; a deleted one leaves no figures, and is no failure', async (t) => {
  const page = await openTraining(t, stage);
  const charts = () =>
    page.locator('.plot').evaluateAll((boxes) => boxes.map((box) => getComputedStyle(box, '::after').content));
  await page.locator('.plot canvas').first().waitFor();
  assert.deepEqual(await charts(), ['"No run to show"', '"No run to show"']);
  /** Shares of the charts' heights that have something left of the curves: numbers of an axis, with gaps between them. */
  const shares = await page.locator('.plot canvas').evaluateAll((canvases) =>
    canvases.map((canvas) => {
      const height = canvas.height - 40; // without the numbers of the x axis
      const { data } = canvas.getContext('2d').getImageData(0, 0, 50, height);
      const rows = Array.from({ length: height }, (_, y) => data.subarray(y * 200, (y + 1) * 200));
      return rows.filter((row) => row.some(Boolean)).length / height;
    }),
  );
  for (const share of shares) assert.ok(share > 0.1 && share < 0.7, `${shares}`);
  await train(page);
  await page.locator('.plot:not([data-empty])').first().waitFor();
  assert.deepEqual(await charts(), ['none', 'none']);
  await button(page, 'Delete run').click();
  const told = page.getByRole('alert').filter({ hasText: 'Run 1 is deleted.' });
  await told.waitFor();
  await page.locator('.plot[data-empty]').first().waitFor();
  assert.deepEqual(await page.locator('[data-figure]').allInnerTexts(), Array(5).fill('–'));
  assert.equal(await status(page).innerText(), '');
  assert.ok(await page.getByRole('progressbar', { name: 'Training' }).isHidden());
  const [border, line] = await page.locator('#runs-message').evaluate((bar) => {
    const card = document.querySelector('.card.run');
    return [bar, card].map((element) => getComputedStyle(element).borderTopColor);
  });
  assert.equal(border, line, 'not the colour of failures');
});

test('the share of held-back pictures is that of the newest look at them', async (t) => {
  const page = await openTraining(t, stage);
  const shown = (checks, glances) =>
    page.evaluate(
      async ([checks, glances]) => {
        const { RunPanel } = await import('/train/run_panel.js');
        const section = document.querySelector('.run');
        const panel = new RunPanel(section, {});
        const run = { settings: { epochs: 2 }, epoch: 1, seen: 2100, pictures: 4000, curve: { loss: [] } };
        panel.show({ ...run, isActive: true, checks, glances });
        return section.querySelector('[data-figure=accuracy]').textContent;
      },
      [checks, glances],
    );
  const check = { seen: 2000, accuracy: 0.915 };
  assert.equal(await shown([], []), '–');
  assert.equal(await shown([check], []), '91.5%');
  assert.equal(await shown([], [{ seen: 1000, accuracy: 0.8 }]), '80.0%');
  assert.equal(await shown([check], [{ seen: 1000, accuracy: 0.8 }]), '91.5%');
  assert.equal(await shown([check], [{ seen: 2050, accuracy: 0.92 }]), '92.0%');
});

test('a run that is deleted can be had back, and the focus stays near', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await button(page, 'Delete run').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'Run 1 is deleted.' }).waitFor();
  await runRows(page).waitFor({ state: 'hidden' });
  assert.equal(await focused(page), 'Undo');
  await page.keyboard.press('Enter');
  await runRows(page).filter({ hasText: 'Run 1' }).waitFor();
  await page.waitForFunction(() => document.activeElement.textContent === 'Delete run');

  await page.reload();
  await runRows(page).filter({ hasText: 'Run 1' }).waitFor();
  await button(page, 'Measure on the test set').click(); // its weights are there, too
  await page.getByText(/of the test pictures are read right/).waitFor();
});

test('when a run is deleted while another goes on, that one is looked at', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await choose(page, endlessRun);
  await start(page);
  const running = page.getByRole('heading', { name: 'This run, so far' });
  await running.waitFor();
  await button(page, 'Look at run 1').click();
  await button(page, 'Pause').click();
  await button(page, 'Delete run').click();
  await running.waitFor(); // at once: no other epoch ends
  assert.equal(await focused(page), 'Undo');
  await button(page, 'Stop').click();
  await page.getByRole('heading', { name: 'Run 2', exact: true }).waitFor();
});

test('a run that is deleted is gone, too, when its last epochs could not be kept', async (t) => {
  const page = await openTraining(t, stage);
  await choose(page, { ...endlessRun, preset: 'No hidden layer' });
  await start(page);
  await written(page);
  await page.evaluate(fillStorage);
  await button(page, 'Stop').click();
  await page.getByText('could not be kept in this browser').waitFor();
  await button(page, 'Delete run').click();
  await page.getByRole('alert').filter({ hasText: 'Run 1 is deleted.' }).waitFor();
  await page.reload();
  await opened(page);
  assert.equal(await runRows(page).count(), 0);
});

test('a run whose weights do not come is not deleted: there would be no way back', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await runRows(page).waitFor();
  await page.evaluate(() => {
    const { get } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.get = function (key) {
      return key.startsWith('weights:') ? {} : get.call(this, key);
    };
  });
  await button(page, 'Delete run').click();
  await page.getByText('The run could not be deleted.').waitFor();
  assert.equal(await runRows(page).count(), 1);
});

test('a run that cannot be deleted: the reason is the browser’s own', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await runRows(page).waitFor();
  await page.evaluate(() => {
    IDBObjectStore.prototype.delete = () => {
      throw new DOMException('The disk is gone.', 'UnknownError');
    };
  });
  await button(page, 'Delete run').click();
  const alert = page.getByRole('alert').filter({ hasText: 'The run could not be deleted.' });
  await alert.waitFor();
  assert.match(await alert.textContent(), /The disk is gone\./);
  assert.equal(await runRows(page).count(), 1);
});

test('a deleted run that is had back, but cannot be written again, says so', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await button(page, 'Delete run').click();
  await button(page, 'Undo').waitFor();
  await page.evaluate(fillStorage);
  await button(page, 'Undo').click();
  await page.getByText('could not be kept in this browser').waitFor();
  assert.equal(await runRows(page).count(), 1);
});

test('closing the tab asks first also while a run that has finished is still being kept', async (t) => {
  const page = await openTraining(t, stage);
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message.method !== 'exportWeights') postMessage.call(this, message, ...rest);
    };
  });
  await page.reload();
  await train(page);
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
});

test('runs that cannot be read at first are not forgotten: it says so, and they can be asked for again', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await runRows(page).waitFor();
  await page.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (name, ...rest) {
      if (name !== 'inkdigit-training') return open.call(this, name, ...rest);
      const late = {};
      globalThis.answer = () => {
        const request = open.call(this, name, ...rest);
        request.onsuccess = () => {
          late.result = request.result;
          late.onsuccess();
        };
      };
      return late;
    };
  });
  await page.reload();
  await page.getByText('Your earlier runs could not be read').waitFor();
  assert.equal(await runRows(page).count(), 0);
  await page.evaluate(() => globalThis.answer());
  await button(page, 'Try again').click();
  await runRows(page).filter({ hasText: 'Run 1' }).waitFor();
  await page.getByRole('heading', { name: 'Run 1' }).waitFor();
});

test('stored records that are none of a run, in whichever way, are left alone, and the view opens', async (t) => {
  const page = await openTraining(t, stage);
  await train(page);
  await runRows(page).waitFor();
  const odd = await page.evaluate(async () => {
    const { get, set } = await import('/vendor/idb-keyval/index.js');
    const { Database } = await import('/database.js');
    const store = new Database('inkdigit-training', 'runs').run;
    const [key] = await store('readonly', async (runs) => {
      const request = runs.getAllKeys(IDBKeyRange.bound('run:', 'run:\uffff'));
      return new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    });
    const record = await get(key, store);
    const records = [
      ...['glances', 'checks', 'confusion', 'mistakes', 'curve', 'number', 'seconds', 'settings', 'parameters', 'seen'],
    ].map((field) => ({ ...record, [field]: undefined }));
    records.push({ ...record, checks: [] }, { ...record, test: {} }, { ...record, confusion: [1, 2] });
    await Promise.all(records.map((one, i) => set(`run:${i + 1}`, { ...one, id: i + 1 }, store)));
    return records.length;
  });
  await page.reload();
  await runRows(page).filter({ hasText: 'Run 1' }).waitFor();
  assert.equal(await runRows(page).count(), 1);
  await train(page);
  await runRows(page).filter({ hasText: 'Run 2' }).waitFor();
  const stored = await page.evaluate(async () => {
    const { keys } = await import('/vendor/idb-keyval/index.js');
    const { Database } = await import('/database.js');
    return (await keys(new Database('inkdigit-training', 'runs').run)).filter((key) => key.startsWith('run:')).length;
  });
  assert.equal(stored, odd + 2);
});

test('two tabs that train give their runs numbers of their own, and each lists those of both', async (t) => {
  const page = await openTraining(t, stage);
  const tab = await openTab(page);
  await Promise.all([train(page), train(tab)]);
  for (const one of [page, tab]) {
    await runRows(one).nth(1).waitFor();
    assert.deepEqual((await runRows(one).locator('th').allInnerTexts()).map((text) => text.slice(0, 5)).sort(), [
      'Run 1',
      'Run 2',
    ]);
  }
  await button(tab, 'Look at run 1').click();
  await button(page, 'Look at run 1').click();
  await tab.getByRole('heading', { name: 'Run 1' }).waitFor();
  await button(page, 'Delete run').click();
  await runRows(tab).filter({ hasText: 'Run 1' }).waitFor({ state: 'detached' });
  await tab.getByRole('heading', { name: 'Run 2' }).waitFor();
});

test('no axis goes beyond all pictures, also when there is a single point', async (t) => {
  const page = await openTraining(t, stage);
  await page.addInitScript(() => {
    globalThis.written = [];
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
      globalThis.written.push(text);
      return fillText.call(this, text, ...rest);
    };
  });
  await page.reload();
  await train(page);
  await page.getByRole('img', { name: /^Held-back.*Run 1/ }).waitFor();
  await page.reload(); // the run's end alone is in the chart: no part of it was on its way
  await page.getByRole('img', { name: /^Held-back.*Run 1/ }).waitFor();
  await page.waitForFunction(() => globalThis.written.some((text) => text.endsWith('%')));
  const shares = (await page.evaluate(() => globalThis.written)).filter((text) => text.endsWith('%')).map(parseFloat);
  assert.ok(Math.max(...shares) <= 100 && Math.min(...shares) >= 0, shares.join());
});
