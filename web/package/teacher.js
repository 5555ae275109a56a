// Gives lessons by the whole module: what learn.js needs is made here of samples, weights and the pictures to rehearse.
import { readBatch } from './dataset.js';
import { InkdigitError } from './errors.js';
import { checkLongOptions } from './inputs.js';
import { learn, prepareToLearn } from './learn.js';
import { guard } from './loaded_module.js';
import { loadRehearsal } from './rehearsal.js';
import { readSamples } from './samples.js';
import { digitCount } from './shapes.js';

/** Of all lessons: the same samples teach the same. */
const seed = 1;

export class Teacher {
  #loaded;
  #baseUrl;
  #frameOf;
  #known = {}; // of the weights that were taught last, see learn.js
  #learners = new Set(); // trainers of the module that are at work

  /** `loaded`: the engine's LoadedModule. `frameOf(drawing)`: its 784 bytes, or null. */
  constructor(loaded, baseUrl, frameOf) {
    this.#loaded = loaded;
    this.#baseUrl = baseUrl;
    this.#frameOf = frameOf;
  }

  /** The lesson of fineTune, on any weights (bytes); checkLesson() has let it pass: → { report, weights: bytes, or null if the lesson is not taken }. */
  async teach(weights, samples, options) {
    try {
      return await this.#teach(weights, samples, options);
    } catch (error) {
      if (error?.code !== 'memory') throw error;
      const size = `${(weights.byteLength / 1e6).toFixed(1)} MB of weights`;
      throw new InkdigitError(
        'memory',
        `There is not enough memory to teach a network of this size (${size}). Use a smaller one, or the shipped weights.`,
        { cause: error },
      );
    }
  }

  /** What the first lesson on these weights would have to fetch and to read is there then. */
  async prepare(weights, options = {}) {
    checkLongOptions(options);
    const tools = this.#toolsFor(weights, await loadRehearsal(this.#baseUrl));
    await prepareToLearn(tools, options);
    this.#known = tools.known;
  }

  async #teach(weights, samples, options) {
    const rehearsal = await loadRehearsal(this.#baseUrl);
    options.signal?.throwIfAborted();
    const { grown, dataset } = this.#grow(weights, samples);
    const { known, ...result } = await learn(this.#toolsFor(grown, rehearsal), dataset, options);
    this.#known = known;
    return result;
  }

  /** What learn.js needs for a lesson on these weights. */
  #toolsFor(weights, rehearsal) {
    const loaded = this.#loaded;
    return {
      makeTrainer: (learningRate, scope) => guard(() => this.#makeLearner(weights, learningRate, scope)),
      augment: (frames, ranges, round, indices) =>
        guard(() => loaded.module.augment({ frames, indices, ranges, seed, epoch: round }, loaded.pool)),
      rehearsal,
      known: sameBytes(this.#known.weights, weights) ? this.#known : { weights },
    };
  }

  /** → { grown: the weights, with a class more for each symbol that is new to them, dataset: the samples as learn.js takes them }. */
  #grow(weights, samples) {
    const { module, pool } = this.#loaded;
    const reader = guard(() => new module.Classifier(weights, pool));
    try {
      const symbols = guard(() => reader.symbols());
      const { newSymbols, ...dataset } = readSamples(samples, symbols, this.#frameOf);
      let grown = weights;
      newSymbols.forEach((name, n) => {
        const shown = framesOf(dataset, digitCount + symbols.length + n);
        const like = mostFrequentClass(
          guard(() => reader.classifyBatch(shown)),
          digitCount + symbols.length,
        );
        grown = guard(() => module.addSymbol(grown, name, like, pool));
      });
      return { grown, dataset };
    } finally {
      reader.delete();
    }
  }

  /** A trainer of a copy of the weights, as learn.js needs it. Its calls fail once the engine is disposed of, as `module` does. */
  #makeLearner(weights, learningRate, scope) {
    const { module, pool } = this.#loaded;
    const headOnly = scope === 'head';
    const trainer = new module.Trainer({ weights, optimizer: { type: 'adamw' }, seed, headOnly }, pool);
    this.#learners.add(trainer);
    trainer.useDropout(false);
    const call = (body) => this.#loaded.module && guard(body);
    return {
      classes: () => call(() => trainer.classes()),
      toInputs: (images) => (headOnly ? call(() => trainer.features(images)) : images),
      step: (inputs, labels) => call(() => trainer.step(inputs, labels, learningRate)),
      logits: (inputs) => call(() => trainer.logits(inputs)),
      remember: () => call(() => trainer.remember()),
      blend: (share) => call(() => trainer.blend(share)),
      save: () => call(() => trainer.save()),
      delete: () => this.#learners.delete(trainer) && trainer.delete(),
    };
  }

  /** To be called while the module still has its threads: the last that uses the pool waits for them to end. */
  dispose() {
    for (const trainer of this.#learners) trainer.delete();
    this.#learners.clear();
  }
}

/** The pictures of one class, as the network takes them. */
function framesOf(dataset, label) {
  const indices = [...dataset.labels.keys()].filter((i) => dataset.labels[i] === label);
  return readBatch(dataset, indices);
}

/** Of rows of probabilities, the class that is most often the most probable. */
function mostFrequentClass(probabilities, classes) {
  const counts = new Array(classes).fill(0);
  for (let begin = 0; begin < probabilities.length; begin += classes) {
    const row = probabilities.subarray(begin, begin + classes);
    ++counts[row.indexOf(Math.max(...row))];
  }
  return counts.indexOf(Math.max(...counts));
}

/** A loop: `every` takes five times as long for 4.8 MB, a tenth of a lesson. */
function sameBytes(a, b) {
  if (a?.length !== b.length) return false;
  for (let i = 0; i < b.length; ++i) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}
