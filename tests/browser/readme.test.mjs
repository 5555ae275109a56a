// What the README tells those who drive the page without hands, run as it stands there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectFolder } from '../../scripts/shell.mjs';
import { useSite } from './support.mjs';

const stage = useSite();

/** The first example in JavaScript below a heading. */
function exampleBelow(heading) {
  const text = readFileSync(path.join(projectFolder, 'README.md'), 'utf8');
  const [, example] = text.slice(text.indexOf(`\n## ${heading}\n`)).match(/```js\n(.*?)```/s);
  return example;
}

test('the page is driven as the README says', async (t) => {
  const page = await stage.browser.newPage();
  t.after(() => page.close());
  const example = exampleBelow('Drive it without hands').replace('http://localhost:8000', stage.site.url);
  await Object.getPrototypeOf(async () => {}).constructor('page', example)(page);
  assert.equal(await page.locator('#prediction').getAttribute('data-state'), 'digit');
});
