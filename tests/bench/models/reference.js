// The network in plain loops and double precision: what every library must say, with nothing of theirs or ours in it.

/** [height, width, channels] by weights [O, 3, 3, I], 'valid', ReLU. */
function convolve(input, size, { shape, values }, { values: bias }) {
  const [units, kernel, , channels] = shape;
  const outputSize = size - kernel + 1;
  const output = new Float64Array(outputSize * outputSize * units);
  for (let y = 0; y < outputSize; y++)
    for (let x = 0; x < outputSize; x++)
      for (let o = 0; o < units; o++) {
        let sum = bias[o];
        for (let ky = 0; ky < kernel; ky++) {
          const from = ((y + ky) * size + x) * channels;
          const weight = (o * kernel + ky) * kernel * channels;
          for (let i = 0; i < kernel * channels; i++) sum += input[from + i] * values[weight + i];
        }
        output[(y * outputSize + x) * units + o] = Math.max(0, sum);
      }
  return output;
}

function maxPool(input, size, channels) {
  const half = size / 2;
  return Float64Array.from({ length: half * half * channels }, (_, i) => {
    const [c, x, y] = [i % channels, Math.floor(i / channels) % half, Math.floor(i / channels / half)];
    const at = (dy, dx) => input[((2 * y + dy) * size + 2 * x + dx) * channels + c];
    return Math.max(at(0, 0), at(0, 1), at(1, 0), at(1, 1));
  });
}

const dense = (input, { shape: [units, inputs], values }, { values: bias }) =>
  Float64Array.from({ length: units }, (_, o) => {
    let sum = bias[o];
    for (let i = 0; i < inputs; i++) sum += input[i] * values[o * inputs + i];
    return sum;
  });

function softmax(logits) {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** n×784 → n×10 probabilities. */
export function referenceProbabilities(tensors, frames) {
  const probabilities = [];
  for (let begin = 0; begin < frames.length; begin += 784) {
    let x = convolve(frames.subarray(begin, begin + 784), 28, tensors['conv1.weight'], tensors['conv1.bias']);
    x = maxPool(convolve(x, 26, tensors['conv2.weight'], tensors['conv2.bias']), 24, 64);
    x = dense(x, tensors['dense1.weight'], tensors['dense1.bias']).map(Math.tanh);
    probabilities.push(...softmax(dense(x, tensors['dense2.weight'], tensors['dense2.bias'])));
  }
  return probabilities;
}
