/** Reads drawings in Chromium, with the modules and the package of the built site. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser, serveSite } from '../browser/support.mjs';

const readDrawingModule = fileURLToPath(new URL('read_drawing.js', import.meta.url));

/** As openNodeReader. */
export async function openBrowserReader(weights) {
  const site = await serveSite();
  const browser = await launchBrowser();
  const close = async () => {
    await browser.close();
    await site.close();
  };
  const page = await browser.newPage();
  // The site's policy allows its own scripts only: this one is served as if it were.
  await page.route('**/read_drawing.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: readFileSync(readDrawingModule) }),
  );
  await page.goto(site.url);
  await page.evaluate(
    async (bytes) => {
      const [{ readSheet }, { drawStrokes }, { readDrawing }, { createClassifier }] = await Promise.all(
        ['/number_reader.js', '/inkdigit/drawing.js', '/read_drawing.js', '/inkdigit/index.js'].map(
          (url) => import(url),
        ),
      );
      const classifier = await createClassifier({ threads: 1, weights: bytes && Uint8Array.from(bytes) });
      globalThis.readDrawings = async (drawings, lineWidth) => {
        const results = [];
        for (const strokes of drawings) {
          results.push(await readDrawing({ readSheet, drawStrokes }, classifier, strokes, lineWidth));
        }
        return results;
      };
    },
    weights && [...weights],
  );
  const read = (drawings, lineWidth) =>
    page.evaluate(([all, width]) => globalThis.readDrawings(all, width), [drawings, lineWidth]);
  return { read, close };
}
