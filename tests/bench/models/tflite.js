// The network as a TensorFlow Lite model. Numbers of fields and enumerations are those of its schema.fbs (version 3).
import { Builder } from 'flatbuffers';

const operatorCodes = { conv2d: 3, fullyConnected: 9, maxPool2d: 17, softmax: 25, tanh: 28 };
const optionTypes = { none: 0, conv2d: 1, pool2d: 5, fullyConnected: 8, softmax: 9 };
const validPadding = 1;
const relu = 1;

/** A table from [slot, kind ('Int8' | 'Int32' | 'Float32' | 'Offset'), value]. */
function table(builder, ...fields) {
  builder.startObject(Math.max(-1, ...fields.map(([slot]) => slot)) + 1);
  // Defaults that no value has: every field is written.
  for (const [slot, kind, value] of fields) builder[`addField${kind}`](slot, value, kind === 'Offset' ? 0 : undefined);
  return builder.endObject();
}

function intVector(builder, values) {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addInt32(value);
  return builder.endVector();
}

function offsetVector(builder, offsets) {
  builder.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) builder.addOffset(offset);
  return builder.endVector();
}

function dataBuffer(builder, values) {
  if (!values) return table(builder);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  builder.startVector(1, bytes.length, 16);
  builder.bb.setPosition((builder.space -= bytes.length));
  builder.bb.bytes().set(bytes, builder.space);
  return table(builder, [0, 'Offset', builder.endVector()]);
}

/** Tensors of `readSafetensors` → bytes of a model for exactly `batch` pictures: [batch, 28, 28, 1] → [batch, 10]. */
export function tfliteModel(tensors, batch) {
  const builder = new Builder(8 * 1024 * 1024);
  const shapes = {
    images: [batch, 28, 28, 1],
    conv1: [batch, 26, 26, 32],
    conv2: [batch, 24, 24, 64],
    pooled: [batch, 12, 12, 64],
    dense1: [batch, 128],
    hidden: [batch, 128],
    logits: [batch, 10],
    probabilities: [batch, 10],
    ...Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape])),
  };
  const names = Object.keys(shapes);
  const indices = (...wanted) =>
    intVector(
      builder,
      wanted.map((name) => names.indexOf(name)),
    );

  const weightNames = Object.keys(tensors);
  const buffers = [dataBuffer(builder), ...weightNames.map((name) => dataBuffer(builder, tensors[name].values))];
  const tensorTables = names.map((name) =>
    table(
      builder,
      [0, 'Offset', intVector(builder, shapes[name])],
      [2, 'Int32', weightNames.indexOf(name) + 1], // buffer 0 is empty: a tensor that is computed
      [3, 'Offset', builder.createString(name)],
    ),
  );

  const codes = Object.keys(operatorCodes);
  const codeTables = codes.map((code) =>
    table(builder, [0, 'Int8', operatorCodes[code]], [2, 'Int32', 1], [3, 'Int32', operatorCodes[code]]),
  );
  const operator = (code, inputs, output, optionType = 'none', options) =>
    table(
      builder,
      [0, 'Int32', codes.indexOf(code)],
      [1, 'Offset', indices(...inputs)],
      [2, 'Offset', indices(output)],
      ...(options === undefined
        ? []
        : [
            [3, 'Int8', optionTypes[optionType]],
            [4, 'Offset', options],
          ]),
    );
  const convolution = () =>
    table(
      builder,
      [0, 'Int8', validPadding],
      [1, 'Int32', 1],
      [2, 'Int32', 1],
      [3, 'Int8', relu],
      [4, 'Int32', 1],
      [5, 'Int32', 1],
    );
  const pooling = () =>
    table(
      builder,
      [0, 'Int8', validPadding],
      [1, 'Int32', 2],
      [2, 'Int32', 2],
      [3, 'Int32', 2],
      [4, 'Int32', 2],
      [5, 'Int8', 0],
    );
  const dense = () => table(builder, [0, 'Int8', 0]);
  const operators = [
    operator('conv2d', ['images', 'conv1.weight', 'conv1.bias'], 'conv1', 'conv2d', convolution()),
    operator('conv2d', ['conv1', 'conv2.weight', 'conv2.bias'], 'conv2', 'conv2d', convolution()),
    operator('maxPool2d', ['conv2'], 'pooled', 'pool2d', pooling()),
    operator('fullyConnected', ['pooled', 'dense1.weight', 'dense1.bias'], 'dense1', 'fullyConnected', dense()),
    operator('tanh', ['dense1'], 'hidden'),
    operator('fullyConnected', ['hidden', 'dense2.weight', 'dense2.bias'], 'logits', 'fullyConnected', dense()),
    operator('softmax', ['logits'], 'probabilities', 'softmax', table(builder, [0, 'Float32', 1])),
  ];
  const graph = table(
    builder,
    [0, 'Offset', offsetVector(builder, tensorTables)],
    [1, 'Offset', indices('images')],
    [2, 'Offset', indices('probabilities')],
    [3, 'Offset', offsetVector(builder, operators)],
    [4, 'Offset', builder.createString('main')],
  );
  const model = table(
    builder,
    [0, 'Int32', 3],
    [1, 'Offset', offsetVector(builder, codeTables)],
    [2, 'Offset', offsetVector(builder, [graph])],
    [4, 'Offset', offsetVector(builder, buffers)],
  );
  builder.finish(model, 'TFL3');
  return builder.asUint8Array();
}
