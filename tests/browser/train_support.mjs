/** What the tests of the Train view share. */
import { button, openPage } from './support.mjs';

/** The Train view of a new page, ready to start. `context`: options of the browser's context. */
export async function openTraining(t, stage, context) {
  const page = await openPage(t, stage.browser, `${stage.site.url}#train`, context);
  await button(page, 'Start training').waitFor();
  return page;
}

/** Waits until the view is there, with the runs that are kept. */
export const opened = (page) => page.locator('#train-view:not([hidden], [aria-busy])').waitFor();

/** In the page: nothing can be written from here on. */
export function fillStorage() {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
}

/** Settings by their labels; a preset by its name, first. */
export async function choose(page, { preset, ...fields }) {
  if (preset) await page.getByText(preset, { exact: true }).click();
  for (const [label, value] of Object.entries(fields)) {
    const [text, list, box] = ['textbox', 'combobox', 'checkbox'].map((role) =>
      page.getByRole(role, { name: label, exact: true }),
    );
    const field = text.or(list).or(box);
    if (typeof value === 'boolean') await field.setChecked(value);
    else if ((await field.evaluate((element) => element.localName)) === 'select') await field.selectOption(value);
    else await field.fill(value);
  }
}

/** A second of training: one layer, few pictures. */
export const quickRun = {
  preset: 'No hidden layer',
  'Training pictures': '2000',
  Epochs: '1',
  'Learning rate': '0.003',
};
/** It does not end by itself while a test looks on. */
export const endlessRun = { preset: 'Tiny', 'Training pictures': '2000', Epochs: '100' };

export const start = (page) => button(page, 'Start training').click();
export const status = (page) => page.locator('#train-status');

/** Waits until a run has ended well. */
export const finished = (page) => status(page).filter({ hasText: 'Finished after' }).waitFor({ timeout: 120_000 });

/** Waits until a run is under way, with something learnt. */
export async function learning(page) {
  await button(page, 'Pause').waitFor();
  await page.waitForFunction(() => Number(document.querySelector('[data-figure=loss]').textContent) > 0);
}

export const runRows = (page) => page.getByRole('table').filter({ hasText: 'Held back' }).locator('tbody tr');
