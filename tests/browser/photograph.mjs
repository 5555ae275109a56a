/**
 * Takes the README's picture of the page anew, docs/page.png: a four, drawn and read. `npm run build` comes first.
 *
 *   node tests/browser/photograph.mjs
 */
import path from 'node:path';
import { projectFolder } from '../../scripts/shell.mjs';
import { drawnFour, drawWithMouse, launchBrowser, serveSite, settledReading, waitForState } from './support.mjs';

const browser = await launchBrowser();
const site = await serveSite();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 960 } });
  await page.goto(site.url);
  await waitForState(page, 'blank');
  await drawWithMouse(page, drawnFour);
  await settledReading(page);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: path.join(projectFolder, 'docs/page.png'), animations: 'disabled' });
} finally {
  await browser.close();
  await site.close();
}
