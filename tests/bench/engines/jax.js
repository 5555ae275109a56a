import { channelsFirst } from '../models/channels_first.js';
import { readSafetensors } from '../../safetensors.js';

// Imported by load(), which must first say how many threads there may be.
let jit, lax, nn, np, random, tree, valueAndGrad;

// Its functions take their arguments over; `.ref` keeps one for a further use.

export async function load({ threads }) {
  // It has no option for threads: it takes as many as there are cores, and one where memory cannot be shared.
  if (threads === 1) delete globalThis.SharedArrayBuffer;
  else Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads });
  const jax = await import('@jax-js/jax');
  ({ jit, lax, nn, numpy: np, random, tree, valueAndGrad } = jax);
  await jax.init('wasm');
  const bytes = await (await fetch('/inkdigit/weights/inkdigit.safetensors')).arrayBuffer();
  const weights = {};
  for (const [name, { shape, values }] of Object.entries(channelsFirst(readSafetensors(bytes)))) {
    weights[name] = np.array(values).reshape(shape);
  }
  const classify = jit((parameters, images) => nn.softmax(head(parameters, features(parameters, images)), -1));
  return {
    backend: `wasm, ${threads} threads`,
    classifyBatch: (frames) => classify(tree.ref(weights), pictures(frames)).data(),
    createTrainer: (...batch) => createTrainer(weights, ...batch),
  };
}

const pictures = (frames) => np.array(frames).reshape([frames.length / 784, 1, 28, 28]);

/** Uses up what it needs of the weights. */
function features(weights, images) {
  const convolve = (x, name, units) =>
    nn.relu(
      lax
        .convGeneralDilated(x, weights[`${name}.weight`], [1, 1], 'VALID')
        .add(weights[`${name}.bias`].reshape([1, units, 1, 1])),
    );
  const x = convolve(convolve(images, 'conv1', 32), 'conv2', 64);
  const count = x.shape[0];
  return np.max(x.reshape([count, 64, 12, 2, 12, 2]), [3, 5]).reshape([count, 9216]);
}

function head(weights, x, dropout = (y) => y) {
  const dense = (y, name) => np.matmul(y, weights[`${name}.weight`].transpose()).add(weights[`${name}.bias`]);
  return dense(dropout(np.tanh(dense(dropout(x, 0.25), 'dense1')), 0.5), 'dense2');
}

async function createTrainer(weights, scope, images, labels) {
  const isTrained = (name) => scope === 'all' || name.startsWith('dense');
  const pick = (wanted) => Object.fromEntries(Object.entries(weights).filter(([name]) => wanted(name)));
  let parameters = tree.ref(pick(isTrained));
  const zeros = () => tree.map((value) => np.zeros(value.shape), parameters);
  let [first, second] = [zeros(), zeros()];
  let steps = 0;
  const frozen = tree.ref(pick((name) => !isTrained(name)));
  const inputs = scope === 'all' ? pictures(images) : features(frozen, pictures(images));
  const targets = nn.oneHot(np.array(Int32Array.from(labels)), 10);

  const loss = (trained, x, wanted, key1, key2) => {
    const keys = [key1, key2];
    const dropout = (y, rate) => {
      const keep = random.bernoulli(keys.shift(), 1 - rate, y.shape);
      return np.where(keep, y.mul(1 / (1 - rate)), 0);
    };
    const logits = head(trained, scope === 'all' ? features(trained, x) : x, dropout);
    return nn
      .logSoftmax(logits, -1)
      .mul(wanted)
      .sum()
      .mul(-1 / labels.length);
  };
  // Adam: Kingma and Ba, 2014, algorithm 1. `rate` has the correction of both moments' bias in it.
  const step = jit((trained, m, v, rate, ...rest) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(trained), ...rest);
    const newM = tree.map((a, g) => a.mul(0.9).add(g.mul(0.1)), m, tree.ref(gradient));
    const newV = tree.map((a, g) => a.mul(0.999).add(np.square(g).mul(0.001)), v, gradient);
    const next = tree.map(
      (w, a, b) => w.sub(rate.ref.mul(a).div(np.sqrt(b).add(1e-7))),
      trained,
      tree.ref(newM),
      tree.ref(newV),
    );
    rate.dispose();
    return [value, next, newM, newV];
  });
  return {
    async step() {
      ++steps;
      const rate = np.array([(0.001 * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps)]);
      const keys = [random.key(2 * steps), random.key(2 * steps + 1)];
      let value;
      [value, parameters, first, second] = step(parameters, first, second, rate, inputs.ref, targets.ref, ...keys);
      const [cost] = await value.data();
      return cost;
    },
    dispose: () => tree.dispose([parameters, first, second, inputs, targets]),
  };
}
