// Weights that the package takes and gives in a page, in Chromium.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { usePages } from './page_support.mjs';

const { open } = usePages();

describe('weights in a page', () => {
  test('imports and exports weights; damaged ones change nothing', async (t) => {
    const { page } = await open(t);
    const result = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier({ precision: 'float32' });
      const read = async () => [...(await classifier.classify(drawings[0])).probabilities];
      const before = await read();
      const weights = await classifier.exportWeights();
      const damaged = await failure(() => classifier.importWeights(weights.slice(0, 1000)));
      const after = await read();
      const trainer = await inkdigit.createTrainer({ seed: 5 });
      await classifier.importWeights(await trainer.exportWeights());
      const other = await read();
      await classifier.importWeights(weights);
      const back = await read();
      trainer.dispose();
      classifier.dispose();
      return { before, damaged, after, other, back, bytes: weights.byteLength };
    });
    assert.equal(result.damaged.code, 'weights');
    assert.deepEqual(result.after, result.before);
    assert.notDeepEqual(result.other, result.before);
    assert.deepEqual(result.back, result.before);
    assert.ok(result.bytes > 4.7e6);
  });

  test('what is refused leaves the classifier as it was, and as it says that it is', async (t) => {
    const { page } = await open(t, { isolated: true });
    const { failures, before, after } = await page.evaluate(async () => {
      const classifier = await inkdigit.createClassifier();
      const state = async () => ({ ...classifier.backend, liveObjects: (await classifier.memory()).liveObjects });
      const before = await state();
      const failures = [
        await failure(() => classifier.importWeights(new Uint8Array(1000))),
        await failure(() => classifier.removeSymbol('tick')),
      ];
      const undone = await classifier.undo(); // tells anew what is read with
      const after = { ...(await state()), undone };
      classifier.dispose();
      return { failures, before, after };
    });
    assert.deepEqual(
      failures.map(({ code }) => code),
      ['weights', 'input'],
    );
    assert.deepEqual(after, { ...before, undone: false });
  });

  test('takes weights compressed by gzip, also as bytes', async (t) => {
    const { page } = await open(t);
    const { expected, given, imported } = await page.evaluate(async () => {
      const read = async (classifier) => [...(await classifier.classify(drawings[0])).probabilities];
      const shipped = await inkdigit.createClassifier();
      const expected = await read(shipped);
      const weights = await (await fetch('/weights/inkdigit.int8.safetensors.gz')).arrayBuffer();
      const classifier = await inkdigit.createClassifier({ weights });
      const given = await read(classifier);
      const trainer = await inkdigit.createTrainer({ layers: [{ type: 'dense', units: 10 }] });
      await shipped.importWeights(await trainer.exportWeights());
      await shipped.importWeights(weights);
      const imported = await read(shipped);
      for (const object of [shipped, classifier, trainer]) object.dispose();
      return { expected, given, imported };
    });
    assert.deepEqual([given, imported], [expected, expected]);
  });
});
