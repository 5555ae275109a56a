/**
 * Puts the site together in build/site: the page as it is, the built package under inkdigit/ exactly as npm ships it,
 * the libraries that the page imports under vendor/ (with the package's reader of safetensors), one MNIST image of each digit, and
 * MNIST itself, packed, for training.
 *
 *   node scripts/build_site.mjs
 */
import { cp, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { imageBytes, imageSide, readMnist } from './mnist.mjs';
import { isMain, main, projectFolder, StepError } from './shell.mjs';

/** Libraries the page imports: for each, its module, styles and licence in node_modules. They are copied as they are. */
const vendorFiles = {
  'idb-keyval': ['dist/index.js', 'LICENCE'],
  uplot: ['dist/uPlot.esm.js', 'dist/uPlot.min.css', 'LICENSE'],
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
  for (const [library, files] of Object.entries(vendorFiles)) {
    for (const file of files) {
      await cp(
        path.join(projectFolder, 'node_modules', library, file),
        path.join(siteFolder, 'vendor', library, path.basename(file)),
      );
    }
  }
  // The package has it in its scripts, but does not export it.
  await cp(path.join(projectFolder, 'web/package/safetensors.js'), path.join(siteFolder, 'vendor/safetensors.js'));
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
