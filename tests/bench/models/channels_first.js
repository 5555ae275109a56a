/**
 * The same tensors for libraries whose pictures are [N, C, H, W]: convolution weights [O, I, H, W] from [O, H, W, I], and the
 * inputs of dense1 in c, h, w order from h, w, c.
 */
export function channelsFirst(tensors) {
  const permute = ({ shape, values }, [outer, height, width, channels]) => {
    const result = new Float32Array(values.length);
    let to = 0;
    for (let o = 0; o < outer; o++)
      for (let c = 0; c < channels; c++)
        for (let i = 0; i < height * width; i++) result[to++] = values[(o * height * width + i) * channels + c];
    return { shape, values: result };
  };
  const convolution = (tensor) => {
    const [o, h, w, i] = tensor.shape;
    return { ...permute(tensor, tensor.shape), shape: [o, i, h, w] };
  };
  return {
    ...tensors,
    'conv1.weight': convolution(tensors['conv1.weight']),
    'conv2.weight': convolution(tensors['conv2.weight']),
    'dense1.weight': permute(tensors['dense1.weight'], [128, 12, 12, 64]),
  };
}
