/**
 * Puts the site together in build/site: the page as it is, the built package under inkdigit/ exactly as npm ships it,
 * what else the page imports under vendor/, one MNIST image of each digit, and MNIST itself, packed, for training.
 *
 *   node scripts/build_site.mjs
 */
import { cp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { imageBytes, imageSide, readMnist } from './mnist.mjs';
import { isMain, main, projectFolder, StepError } from './shell.mjs';

/** What the page has under vendor/: each a copy, as it is, of a file of the project. */
export const vendorFiles = {
  // Libraries: module, styles and licence.
  'idb-keyval/index.js': 'node_modules/idb-keyval/dist/index.js',
  'idb-keyval/LICENCE': 'node_modules/idb-keyval/LICENCE',
  'uplot/uPlot.esm.js': 'node_modules/uplot/dist/uPlot.esm.js',
  'uplot/uPlot.min.css': 'node_modules/uplot/dist/uPlot.min.css',
  'uplot/LICENSE': 'node_modules/uplot/LICENSE',
  // The one file of the package that the page has for itself: the Train view draws the filters of a network, and the package gives
  // networks only as files of this format. It is no entry of the package: who else reads such files has a library for it.
  'safetensors.js': 'web/package/safetensors.js',
};
/** Pictures in one packed file: who trains on a part fetches no more than that. */
const shardPictures = 5000;

/** The first picture of each digit, as an IDX file of ten pictures in the order of the digits. */
function firstOfEachDigit({ images, labels }) {
  const header = Buffer.alloc(16);
  [0x00000803, 10, imageSide, imageSide].forEach((value, i) => header.writeUInt32BE(value, i * 4));
  const samples = Array.from({ length: 10 }, (_, digit) => {
    const index = labels.indexOf(digit);
    if (index < 0) throw new Error(`The label file has no digit ${digit}.`);
    return images.subarray(index * imageBytes, (index + 1) * imageBytes);
  });
  return Buffer.concat([header, ...samples]);
}

/**
 * MNIST as the page fetches it, in `folder`: gzipped pieces without IDX headers (not called .gz: servers would have the browser
 * unpack those, and their progress could not be told), and index.json, which lists them in order:
 * { train | test: { labels, images: [{ file, bytes (packed), pictures }] } }.
 */
async function packMnist(folder) {
  await mkdir(folder, { recursive: true });
  const pack = async (file, content, pictures) => {
    const packed = await promisify(gzip)(content, { level: 9 });
    await writeFile(path.join(folder, file), packed);
    return { file, bytes: packed.length, pictures };
  };
  const index = {};
  for (const [name, source] of Object.entries({ train: 'train', test: 't10k' })) {
    const { images, labels } = readMnist(source);
    const starts = Array.from({ length: Math.ceil(labels.length / shardPictures) }, (_, i) => i * shardPictures);
    index[name] = {
      labels: await pack(`${name}_labels.bin`, labels, labels.length),
      images: await Promise.all(
        starts.map((start) => {
          const shard = images.subarray(start * imageBytes, (start + shardPictures) * imageBytes);
          return pack(`${name}_images_${start}.bin`, shard, shard.length / imageBytes);
        }),
      ),
    };
  }
  await writeFile(path.join(folder, 'index.json'), JSON.stringify(index));
}

async function buildSite({ packageFolder, siteFolder }) {
  await stat(path.join(packageFolder, 'index.js')).catch(() => {
    throw new StepError(`There is no built package in ${packageFolder}.`, 'Build it first: npm run build');
  });
  await rm(siteFolder, { recursive: true, force: true });
  await mkdir(siteFolder, { recursive: true });
  await cp(path.join(projectFolder, 'web/page'), siteFolder, { recursive: true });
  await cp(packageFolder, path.join(siteFolder, 'inkdigit'), { recursive: true });
  for (const [file, source] of Object.entries(vendorFiles)) {
    await cp(path.join(projectFolder, source), path.join(siteFolder, 'vendor', file));
  }
  await writeFile(path.join(siteFolder, 'mnist_samples.idx3-ubyte'), firstOfEachDigit(readMnist('t10k')));
  // Packing takes seconds and gives the same each time: done once, beside the site.
  const packedFolder = path.join(siteFolder, '../mnist_pieces');
  const isPacked = await stat(path.join(packedFolder, 'index.json')).catch(() => null);
  if (!isPacked) await packMnist(packedFolder);
  await cp(packedFolder, path.join(siteFolder, 'mnist'), { recursive: true });
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const siteFolder = path.join(projectFolder, 'build/site');
    await buildSite({ packageFolder: path.join(projectFolder, 'build/package'), siteFolder });
    console.log(`The site is in ${path.relative(process.cwd(), siteFolder)}.`);
  });
}
