// Nothing is lost: reloads, and storage that is denied, late, full, damaged or newer.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  changeStorage,
  drawMisreadSeven,
  mirroredFour,
  lessonBar,
  lessons,
  openLessons,
  openWithTabs,
  outcome,
  panel,
  redraw,
  savedFile,
  teach,
} from './learning_support.mjs';
import {
  button,
  drawWithMouse,
  drawnFour,
  drawnZero,
  openPage,
  settledReading,
  useSite,
  waitForState,
} from './support.mjs';

const stage = useSite();
const { openBlankPage } = stage;

/** A page in which `script` runs before the page's own scripts. */
async function openPrepared(t, script, argument) {
  const page = await openPage(t, stage.browser, 'about:blank');
  await page.addInitScript(script, argument);
  await page.goto(stage.site.url);
  await waitForState(page, 'blank');
  return page;
}

/** In the page: weights that are kept are not given out any more, until giveWeights(). */
function holdWeights() {
  const { get } = IDBObjectStore.prototype;
  globalThis.areHeld = true;
  IDBObjectStore.prototype.get = function (key) {
    return globalThis.areHeld && `${key}`.startsWith('weights') ? {} : get.call(this, key);
  };
}

const giveWeights = (page) =>
  page.evaluate(() => {
    globalThis.areHeld = false;
  });

/** In the page: nothing can be written while `isFull`. */
function mayBeFull() {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...values) {
    if (globalThis.isFull) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    return put.apply(this, values);
  };
}

const setFull = (page, isFull) =>
  page.evaluate((isFull) => {
    globalThis.isFull = isFull;
  }, isFull);

const alert = (page, text) => page.getByRole('alert').filter({ hasText: text }).waitFor();
/** Reloads, and draws again. → the reading. */
async function reloadAndDraw(page, strokes) {
  await page.reload();
  await waitForState(page, 'blank');
  return redraw(page, strokes);
}

describe('storage that is denied', () => {
  for (const [how, script] of Object.entries({
    'opening it throws': () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
    },
    'opening it fails': () => {
      IDBFactory.prototype.open = () => {
        const request = new EventTarget();
        request.error = new DOMException('A mutation operation was attempted.', 'InvalidStateError');
        setTimeout(() => request.onerror?.(new Event('error')));
        return request;
      };
    },
    'there is none': () => {
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    },
  })) {
    test(`${how}: the page learns all the same, and says that it lasts until it is closed`, async (t) => {
      const page = await openPrepared(t, script);
      await panel(page).getByText('This browser keeps nothing for this page').waitFor();
      const strokes = await drawMisreadSeven(page);
      const before = await settledReading(page);
      assert.match(await teach(page, 7), /Lessons last until the page is closed/);
      assert.equal((await redraw(page, strokes)).digit, '7');
      await button(page, 'Take back the last lesson').click();
      await panel(page).getByText('The last lesson is taken back').waitFor();
      assert.deepEqual(await redraw(page, strokes), before);
    });
  }
});

test('where tabs must not talk to each other either, both views work', async (t) => {
  const page = await openPrepared(t, () => {
    globalThis.BroadcastChannel = class {
      constructor() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      }
    };
  });
  await drawWithMouse(page, drawnFour);
  assert.equal((await settledReading(page)).digit, '4');
  await button(page, 'Yes').click();
  await outcome(page, /^Good/);
  await page.getByRole('link', { name: 'Train' }).click();
  await button(page, 'Start training').waitFor();
});

test('a database that somebody has opened before, and left without its store, gets it', async (t) => {
  const page = await openPrepared(t, () => {
    indexedDB.open('inkdigit').onsuccess = ({ target }) => target.result.close();
  });
  await drawWithMouse(page, drawnFour);
  await button(page, 'Yes').click();
  await outcome(page, /^Good/);
  assert.equal((await changeStorage(page, 'readBook')).samples, 1);
  assert.equal(await panel(page).locator('.trouble').textContent(), '');
});

/** Closes the page as people do. → whether it asked first. */
async function asksOnClosing(page) {
  let isAsked = false;
  page.once('dialog', async (dialog) => {
    isAsked = dialog.type() === 'beforeunload';
    await dialog.accept();
  });
  await Promise.all([page.waitForEvent('close'), page.close({ runBeforeUnload: true })]);
  return isAsked;
}

describe('closing the page', () => {
  const drawAndKeep = async (page) => {
    await drawWithMouse(page, drawnFour);
    await settledReading(page);
    await button(page, 'Yes').click();
    await outcome(page, /^Good/);
  };

  test('asks first while what was taught is nowhere else', async (t) => {
    const page = await openPrepared(t, mayBeFull);
    await setFull(page, true);
    await drawAndKeep(page);
    assert.ok(await asksOnClosing(page));
  });

  test('does not ask once all is kept', async (t) => {
    const page = await openPrepared(t, mayBeFull);
    await setFull(page, true);
    await drawAndKeep(page);
    await setFull(page, false);
    await redraw(page, drawnZero);
    await button(page, 'Yes').click();
    await panel(page).getByText('is full').waitFor({ state: 'detached' });
    assert.ok(!(await asksOnClosing(page)));
  });

  test('does not ask where nothing was taught, whatever the storage does', async (t) => {
    const page = await openPrepared(t, () => {
      IDBFactory.prototype.open = () => ({});
    });
    await panel(page).getByText('The storage for this page does not answer').waitFor();
    await drawWithMouse(page, drawnFour);
    await settledReading(page);
    assert.ok(!(await asksOnClosing(page)));
  });
});

describe('storage that does not answer', () => {
  test('digits are read all the same, and the page says so', async (t) => {
    const page = await openPrepared(t, () => {
      IDBFactory.prototype.open = () => ({});
    });
    await panel(page).getByText('The storage for this page does not answer').waitFor();
    await drawWithMouse(page, drawnFour);
    assert.equal((await settledReading(page)).digit, '4');
    await button(page, 'Yes').click();
    assert.match(await outcome(page), /^Good.*does not answer/s);
    await page.goto(`${stage.site.url}#train`);
    await button(page, 'Start training').waitFor();
  });

  test('when it does after all, lessons come back, and what was drawn meanwhile is kept', async (t) => {
    const { page, openTab } = await openWithTabs(t, stage);
    const strokes = await drawMisreadSeven(page);
    await teach(page, 7);
    await page.evaluate(
      () =>
        new Promise((blocked) => {
          const holding = indexedDB.open('inkdigit');
          holding.onsuccess = () => {
            globalThis.held = holding.result;
            const upgrading = indexedDB.open('inkdigit', 2);
            upgrading.onblocked = blocked;
            upgrading.onsuccess = () => upgrading.result.close();
          };
        }),
    );
    const other = await openTab();
    await panel(other).getByText('does not answer').waitFor();
    await drawWithMouse(other, drawnFour);
    await settledReading(other);
    await button(other, 'Yes').click();
    await outcome(other);
    await page.evaluate(() => globalThis.held.close());
    await panel(other).getByText('does not answer').waitFor({ state: 'detached' });
    await panel(other).getByText('2 drawings of yours kept').waitFor();
    assert.equal((await redraw(other, strokes)).digit, '7');
    await other.reload();
    await panel(other).getByText('2 drawings of yours kept').waitFor();
  });

  test('weights that come late are not damaged: their lesson comes back, and the next one does not cost it', async (t) => {
    const page = await openBlankPage(t);
    const strokes = await drawMisreadSeven(page);
    await teach(page, 7);
    await page.addInitScript(holdWeights);
    await page.reload();
    await panel(page).getByText('does not answer').waitFor();
    await waitForState(page, 'blank');
    assert.equal(await page.getByRole('alert').filter({ hasText: 'damaged' }).count(), 0);
    await giveWeights(page);
    await lessons(page).nth(1).waitFor();
    assert.equal((await redraw(page, strokes)).digit, '7');
    await redraw(page, mirroredFour);
    await teach(page, 4);
    assert.equal(await lessons(page).count(), 3);
  });

  test('weights of another tab that come late are taken over then', async (t) => {
    const { page, openTab } = await openWithTabs(t, stage);
    const strokes = await drawMisreadSeven(page);
    await teach(page, 7);
    const other = await openTab();
    await other.evaluate(holdWeights);
    await redraw(page, mirroredFour);
    await teach(page, 4);
    await panel(other).getByText('does not answer').waitFor();
    assert.match(await lessons(other).first().innerText(), /^This is a 7.*In use/s, 'what is in use stays');
    await giveWeights(other);
    await lessons(other)
      .first()
      .filter({ hasText: /^This is a 4.*In use/s })
      .waitFor();
    await other.bringToFront();
    assert.equal((await redraw(other, strokes)).digit, '7');
  });

  test('an answer that is not written in time is written as soon as the storage answers', async (t) => {
    const page = await openPrepared(t, () => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...values) {
        if (!globalThis.isLate) return put.apply(this, values);
        globalThis.isLate = false;
        throw new DOMException('The storage does not answer.', 'TimeoutError');
      };
    });
    await drawWithMouse(page, drawnFour);
    await settledReading(page);
    await page.evaluate(() => {
      globalThis.isLate = true;
    });
    await button(page, 'Yes').click();
    await outcome(page, /^Good/);
    await panel(page).getByText('1 drawing of yours kept').waitFor();
    await panel(page).getByText('does not answer').waitFor({ state: 'detached' });
    assert.equal((await changeStorage(page, 'readBook')).samples, 1);
  });

  test('it is not this page that holds it up for others', async (t) => {
    const page = await openBlankPage(t);
    const outcomeOfDeleting = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const request = indexedDB.deleteDatabase('inkdigit');
          request.onsuccess = () => resolve('deleted');
          request.onblocked = () => resolve('blocked');
        }),
    );
    assert.equal(outcomeOfDeleting, 'deleted');
    await drawWithMouse(page, drawnFour);
    await button(page, 'Yes').click();
    await outcome(page);
    assert.equal((await changeStorage(page, 'readBook')).samples, 1, 'and goes on');
  });
});

describe('storage that fails once', () => {
  for (const name of ['InvalidStateError', 'UnknownError', 'SecurityError']) {
    test(`${name}: the next change keeps what waited`, async (t) => {
      const page = await openPrepared(t, () => {
        const transaction = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (...values) {
          if (globalThis.failure) throw new DOMException('The storage has failed.', globalThis.failure);
          return transaction.apply(this, values);
        };
      });
      const fail = (value) =>
        page.evaluate((error) => {
          globalThis.failure = error;
        }, value);
      await drawWithMouse(page, drawnFour);
      await settledReading(page);
      await fail(name);
      await button(page, 'Yes').click();
      assert.match(await outcome(page), /until the page is closed/);
      await fail(null);
      await redraw(page, drawnZero);
      await button(page, 'Yes').click();
      assert.doesNotMatch(await outcome(page), /until the page is closed/);
      assert.equal((await changeStorage(page, 'readBook')).samples, 2);
    });
  }

  test('a connection that the browser has closed is opened again', async (t) => {
    const page = await openPrepared(t, () => {
      const transaction = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (...values) {
        if (globalThis.isClosed) this.close();
        globalThis.isClosed = false;
        return transaction.apply(this, values);
      };
    });
    await drawWithMouse(page, drawnFour);
    await settledReading(page);
    await page.evaluate(() => {
      globalThis.isClosed = true;
    });
    await button(page, 'Yes').click();
    await outcome(page);
    assert.equal((await changeStorage(page, 'readBook')).samples, 1);
  });

  test('a failure is told in the browser’s words', async (t) => {
    const page = await openPrepared(t, () => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (value, key) {
        put.call(this, value, key);
        return this.add(value, key); // there is one already
      };
    });
    await drawWithMouse(page, drawnFour);
    await button(page, 'Yes').click();
    assert.match(await outcome(page), /could not keep the last change \(.*exist/);
  });
});

describe('storage that is full', () => {
  test('the last good weights stay, the page says so, and once there is room all is kept', async (t) => {
    const page = await openPrepared(t, mayBeFull);
    await drawMisreadSeven(page);
    await teach(page, 7);
    const kept = await changeStorage(page, 'readBook');
    assert.equal(kept.lessons.length, 1);

    await setFull(page, true);
    await redraw(page, mirroredFour);
    assert.match(await teach(page, 4), /The storage for this page is full/);
    await panel(page).getByText('The storage for this page is full').waitFor();
    const inUse = await savedFile(page, 'Save the network');
    assert.deepEqual(await changeStorage(page, 'readBook'), kept, 'nothing half-written');

    await setFull(page, false);
    await redraw(page, drawnFour);
    await button(page, 'Yes').click();
    await outcome(page, /^Good/);
    await panel(page).getByText('is full').waitFor({ state: 'detached' });
    assert.equal((await changeStorage(page, 'readBook')).lessons.length, 2);
    await page.reload();
    await waitForState(page, 'blank');
    assert.ok((await savedFile(page, 'Save the network')).bytes.equals(inUse.bytes), 'what had waited is kept, too');
  });

  test('a drawing that waits is kept with what another tab has kept meanwhile', async (t) => {
    const { page, openTab } = await openWithTabs(t, stage);
    const { bytes } = await savedFile(page, 'Save the network');
    await page.evaluate(mayBeFull);
    await setFull(page, true);
    await drawWithMouse(page, drawnFour);
    await settledReading(page);
    await button(page, 'Yes').click();
    assert.match(await outcome(page), /The storage for this page is full/);

    const other = await openTab();
    await openLessons(other, [{ name: 'one.safetensors', buffer: bytes }]);
    await lessons(page).nth(1).waitFor();
    await panel(page).getByText('1 drawing of yours kept').waitFor();
    await panel(page).getByText('The storage for this page is full').waitFor();
    await setFull(page, false);
    await openLessons(other, [{ name: 'two.safetensors', buffer: bytes }]);
    await panel(page).getByText('is full').waitFor({ state: 'detached' });
    await panel(other).getByText('1 drawing of yours kept').waitFor();
    assert.equal((await changeStorage(page, 'readBook')).samples, 1);
  });

  test('a quota of the browser itself: the page works on', async (t) => {
    const page = await openBlankPage(t);
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(stage.site.url).origin, quotaSize: 1e6 });
    const strokes = await drawMisreadSeven(page);
    assert.match(await teach(page, 7), /The storage for this page is full/);
    assert.equal((await redraw(page, strokes)).digit, '7');
  });
});

describe('damaged records', () => {
  for (const [what, book] of Object.entries({
    text: 'nonsense',
    'no lessons': { version: 1, revision: 5, current: 1, lastId: 1, trimmed: false },
    'a lesson that is not there': {
      version: 1,
      revision: 5,
      current: 3,
      lastId: 3,
      trimmed: false,
      lessons: [],
      samples: [],
    },
  })) {
    test(`${what}: set aside, the shipped network reads, and learning goes on`, async (t) => {
      const page = await openBlankPage(t);
      const strokes = await drawMisreadSeven(page);
      const before = await settledReading(page);
      await teach(page, 7);
      await changeStorage(page, 'corruptBook', book);
      assert.deepEqual(await reloadAndDraw(page, strokes), before);
      assert.ok((await changeStorage(page, 'listKeys')).includes('set aside'));
      await teach(page, 7);
      await page.reload();
      await waitForState(page, 'blank');
      assert.equal(await lessons(page).count(), 2);
    });
  }

  test('it says so', async (t) => {
    const page = await openBlankPage(t);
    await changeStorage(page, 'corruptBook', 'nonsense');
    await page.reload();
    await alert(page, /What was kept of your lessons is damaged\. It is set aside/);
  });

  for (const how of ['missing', 'truncated', 'one bit']) {
    test(`weights (${how}): the lesson before is in use, and the page says so`, async (t) => {
      const page = await openBlankPage(t);
      const strokes = await drawMisreadSeven(page);
      await teach(page, 7);
      await redraw(page, mirroredFour);
      await teach(page, 4);
      await changeStorage(page, 'corruptWeights', { id: 2, how });
      await page.reload();
      await alert(page, /your last lesson is damaged\. The page goes on with the lesson before it/);
      await waitForState(page, 'blank');
      await drawWithMouse(page, strokes);
      assert.equal((await settledReading(page)).digit, '7');
      await page.getByRole('button', { name: /^Redo up to here: This is a 4/ }).click();
      await panel(page)
        .getByText(/The weights of lesson 2 are damaged.*Nothing was changed/)
        .waitFor();
      assert.equal((await redraw(page, strokes)).digit, '7');
    });
  }

  test('weights of all lessons: the drawings are there still, and it is not said that they were set aside', async (t) => {
    const page = await openBlankPage(t);
    await drawMisreadSeven(page);
    await teach(page, 7);
    await changeStorage(page, 'corruptWeights', { id: 1, how: 'missing' });
    await page.reload();
    await alert(page, /goes on with the shipped network, and still has your drawings/);
    assert.equal(await page.getByText('set aside').count(), 0);
    await panel(page).getByText('1 drawing of yours kept').waitFor();
    await redraw(page, mirroredFour);
    await teach(page, 4);
    await panel(page).getByText('2 drawings of yours kept').waitFor();
  });

  test('a record of a later version is left alone', async (t) => {
    const page = await openBlankPage(t);
    const strokes = await drawMisreadSeven(page);
    const before = await settledReading(page);
    await teach(page, 7);
    await changeStorage(page, 'setVersion', 2);
    const kept = await changeStorage(page, 'readBook');
    assert.deepEqual(await reloadAndDraw(page, strokes), before);
    await alert(page, /Lessons of a newer version of this page are kept here/);
    assert.match(await teach(page, 7), /stay as they are/);
    assert.equal((await redraw(page, strokes)).digit, '7');
    assert.deepEqual(await changeStorage(page, 'readBook'), kept);
  });
});

test('more lessons than are kept: the oldest make way, and the newest can all be gone back to', async (t) => {
  const page = await openBlankPage(t);
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  const { bytes } = await savedFile(page, 'Save the network');
  for (let i = 1; i <= 12; ++i) {
    await openLessons(page, [{ name: `weights ${i}.safetensors`, buffer: bytes }]);
    await panel(page).getByText(`The weights of weights ${i}.safetensors are in use`).waitFor();
  }
  assert.equal(await lessons(page).count(), 11, 'ten lessons and the shipped network');
  const keys = await changeStorage(page, 'listKeys');
  assert.equal(keys.filter((key) => key.startsWith('weights ')).length, 10);
  for (let i = 0; i < 9; ++i) {
    await button(page, 'Take back the last lesson').click();
    await lessons(page).nth(i).filter({ hasText: 'taken back' }).waitFor();
  }
  assert.equal(await button(page, 'Take back the last lesson').getAttribute('aria-disabled'), 'true');
  await page.getByRole('button', { name: 'Go back to here: The shipped network' }).click();
  await lessonBar(page).getByRole('button', { name: 'Yes', exact: true }).waitFor();
  assert.equal((await settledReading(page)).digit, '4');
});
