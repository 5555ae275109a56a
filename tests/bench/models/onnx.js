// The network as an ONNX model. Field numbers are those of onnx.proto (ONNX IR version 8, operators of set 13).
import protobuf from 'protobufjs/minimal.js';
import { channelsFirst } from './channels_first.js';

const bytesType = 2; // wire type of strings, bytes and messages

/** A message from [field number, value] pairs: whole numbers, strings, bytes (other messages included), lists of numbers. */
function message(...fields) {
  const writer = protobuf.Writer.create();
  for (const [number, value] of fields) {
    if (typeof value === 'number') writer.uint32(number << 3).int64(value);
    else if (typeof value === 'string') writer.uint32((number << 3) | bytesType).string(value);
    else if (value instanceof Uint8Array) writer.uint32((number << 3) | bytesType).bytes(value);
    else for (const item of value) writer.uint32(number << 3).int64(item);
  }
  return writer.finish();
}

const float = 1; // TensorProto.FLOAT

const tensorProto = (name, { shape, values }) =>
  message([1, shape], [2, float], [8, name], [9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);

const attribute = (name, value) =>
  Array.isArray(value) ? message([1, name], [8, value], [20, 7]) : message([1, name], [3, value], [20, 2]);

const node = (type, inputs, output, attributes = {}) =>
  message(
    ...inputs.map((input) => [1, input]),
    [2, output],
    [4, type],
    ...Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)]),
  );

function valueInfo(name, shape) {
  const dimensions = shape.map((size) => [1, message([typeof size === 'string' ? 2 : 1, size])]);
  const tensorType = message([1, float], [2, message(...dimensions)]);
  return message([1, name], [2, message([1, tensorType])]);
}

/** Tensors of `readSafetensors` → bytes; input `images` [N, 1, 28, 28], output `probabilities` [N, 10]. */
export function onnxModel(tensors) {
  const nodes = [
    node('Conv', ['images', 'conv1.weight', 'conv1.bias'], 'conv1', { kernel_shape: [3, 3] }),
    node('Relu', ['conv1'], 'relu1'),
    node('Conv', ['relu1', 'conv2.weight', 'conv2.bias'], 'conv2', { kernel_shape: [3, 3] }),
    node('Relu', ['conv2'], 'relu2'),
    node('MaxPool', ['relu2'], 'pooled', { kernel_shape: [2, 2], strides: [2, 2] }),
    node('Flatten', ['pooled'], 'features', { axis: 1 }),
    node('Gemm', ['features', 'dense1.weight', 'dense1.bias'], 'dense1', { transB: 1 }),
    node('Tanh', ['dense1'], 'hidden'),
    node('Gemm', ['hidden', 'dense2.weight', 'dense2.bias'], 'logits', { transB: 1 }),
    node('Softmax', ['logits'], 'probabilities', { axis: 1 }),
  ];
  const graph = message(
    ...nodes.map((bytes) => [1, bytes]),
    [2, 'digits'],
    ...Object.entries(channelsFirst(tensors)).map(([name, tensor]) => [5, tensorProto(name, tensor)]),
    [11, valueInfo('images', ['N', 1, 28, 28])],
    [12, valueInfo('probabilities', ['N', 10])],
  );
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 13])]);
}
