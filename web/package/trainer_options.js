import { inputError } from './errors.js';
import { checkNames, checkPositive, checkScope, describe } from './inputs.js';

const defaultLearningRates = { sgd: 0.01, adamw: 0.001 };
const trainerOptions = ['weights', 'layers', 'optimizer', 'learningRate', 'seed', 'scope'];
const optimizerOptions = ['momentum', 'beta1', 'beta2', 'epsilon', 'weightDecay'];

/** Checks and completes the options of createTrainer: → those that are neither weights nor layers. */
export function readTrainerOptions(options) {
  checkNames(options, 'createTrainer', trainerOptions);
  const { optimizer = 'adamw', seed = 1, scope = 'all' } = options;
  let { learningRate } = options;
  const { type, ...settings } = typeof optimizer === 'object' && optimizer ? optimizer : { type: optimizer };
  if (!Object.hasOwn(defaultLearningRates, type)) {
    throw inputError('optimizer', "'sgd' or 'adamw'", describe(type));
  }
  checkNames(settings, 'optimizer', optimizerOptions);
  for (const [name, value] of Object.entries(settings)) {
    if (!Number.isFinite(value)) throw inputError(`optimizer.${name}`, 'a number', describe(value));
  }
  checkScope(scope);
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw inputError('seed', 'a whole number from 0 to 2^53 - 1', describe(seed));
  }
  learningRate ??= defaultLearningRates[type];
  checkPositive(learningRate, 'learningRate');
  return { optimizer: { type, ...settings }, learningRate, seed, scope };
}
