/** What can be chosen for a training run: its limits, and the presets. */
import { megabytes } from '../quantities.js';
import { memoryNeed, memoryOfOne, networkOf } from './network_cost.js';

/** Numbers: how they are called in messages, and from where to where they go. `whole`: no fractions. */
export const numberSettings = {
  filters1: { name: 'Filters of the first convolution', min: 0, max: 128, whole: true },
  filters2: { name: 'Filters of the second convolution', min: 0, max: 128, whole: true },
  kernel: { name: 'Kernel size', min: 1, max: 13, whole: true },
  units: { name: 'Dense units', min: 0, max: 1024, whole: true },
  dropout1: { name: 'Dropout before the dense layer', min: 0, max: 0.95 },
  dropout2: { name: 'Dropout before the output', min: 0, max: 0.95 },
  learningRate: { name: 'Learning rate', min: 0.000001, max: 1 },
  batchSize: { name: 'Batch size', min: 1, max: 512, whole: true },
  epochs: { name: 'Epochs', min: 1, max: 100, whole: true },
  seed: { name: 'Seed', min: 0, max: 2 ** 32 - 1, whole: true },
  rotation: { name: 'Turn', min: 0, max: 90 },
  scale: { name: 'Size', min: 0, max: 0.5 },
  shear: { name: 'Slant', min: 0, max: 0.5 },
  shift: { name: 'Shift', min: 0, max: 8 },
  elasticStrength: { name: 'Bend', min: 0, max: 4 },
  occlusion: { name: 'Covered', min: 0, max: 1 },
};

const augmentRanges = ['rotation', 'scale', 'shear', 'shift', 'elasticStrength', 'occlusion'];

/** The project's own network (weights/README.md); what the other presets do not name, they share with it. */
const ownSettings = {
  pictures: 55000,
  filters1: 32,
  filters2: 64,
  kernel: 3,
  activation: 'relu',
  units: 128,
  denseActivation: 'tanh',
  dropout1: 0.25,
  dropout2: 0.5,
  optimizer: 'adamw',
  learningRate: 0.001,
  batchSize: 32,
  epochs: 3,
  seed: 1,
  augment: false,
  rotation: 10,
  scale: 0.1,
  shear: 0.1,
  shift: 2,
  elasticStrength: 0.6,
  occlusion: 0,
};

export const presets = {
  own: { title: 'inkdigit’s own', settings: ownSettings },
  tiny: {
    title: 'Tiny',
    settings: { ...ownSettings, pictures: 20000, filters1: 8, filters2: 16, units: 32, dropout1: 0, dropout2: 0.2 },
  },
  wide: {
    title: 'Wide kernels',
    settings: { ...ownSettings, pictures: 20000, filters1: 16, filters2: 32, kernel: 7, units: 64 },
  },
  dense: {
    title: 'Dense only',
    settings: { ...ownSettings, filters1: 0, filters2: 0, units: 256, dropout1: 0, dropout2: 0.2, epochs: 5 },
  },
  linear: {
    title: 'No hidden layer',
    settings: { ...ownSettings, filters1: 0, filters2: 0, units: 0, dropout1: 0, dropout2: 0, epochs: 5 },
  },
  robust: {
    title: 'Small, with augmentation',
    settings: { ...ownSettings, filters1: 16, filters2: 32, units: 64, dropout1: 0.1, dropout2: 0.2, augment: true },
  },
};

export const presetOf = (settings) =>
  Object.keys(presets).find((id) => Object.entries(presets[id].settings).every(([key, v]) => settings[key] === v));

/** As the package's `augment` takes it. */
export const augmentOf = (settings) =>
  settings.augment && Object.fromEntries(augmentRanges.map((key) => [key, settings[key]]));

/** → [{ field, text }]: what is wrong with the settings and what to do about it; empty if nothing is. */
export function problemsOf(settings) {
  const problems = [];
  for (const [field, { name, min, max, whole }] of Object.entries(numberSettings)) {
    if (augmentRanges.includes(field) && !settings.augment) continue;
    const value = settings[field];
    if (Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value))) continue;
    const kind = whole ? 'a whole number' : 'a number';
    problems.push({ field, text: `${name}: choose ${kind} from ${min} to ${max}.` });
  }
  if (problems.length > 0) return problems;

  if (networkOf(settings).some(({ parameters }) => Number.isNaN(parameters))) {
    const convolutions = [settings.filters1, settings.filters2].filter((n) => n > 0).length;
    const most = Math.floor(26 / convolutions) + 1;
    const text = `Kernel size: ${convolutions} convolutions of ${settings.kernel}×${settings.kernel} leave too little of 28×28 pixels. Choose ${most} or less.`;
    problems.push({ field: 'kernel', text });
  } else if (memoryNeed(settings) > memoryOfOne) {
    const [need, most] = [memoryNeed(settings), memoryOfOne].map((bytes) => megabytes(bytes, 0));
    const text = `This takes about ${need} of memory, more than the ${most} there are. Choose a smaller batch, fewer filters or fewer dense units.`;
    problems.push({ field: 'batchSize', text });
  }
  return problems;
}

/** "conv 32·64 (3×3) → dense 128 · AdamW 0.001 · batch 32", for lists of runs. */
export function summary(settings) {
  const { filters1, filters2, kernel, units, optimizer, learningRate, batchSize, augment } = settings;
  const filters = [filters1, filters2].filter((n) => n > 0);
  const network = [
    filters.length > 0 && `conv ${filters.join('·')} (${kernel}×${kernel})`,
    units > 0 && `dense ${units}`,
  ].filter(Boolean);
  return [
    network.join(' → ') || 'one layer',
    `${optimizer === 'sgd' ? 'SGD' : 'AdamW'} ${learningRate}`,
    `batch ${batchSize}`,
    augment && 'augmented',
  ]
    .filter(Boolean)
    .join(' · ');
}
