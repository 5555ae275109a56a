import * as tf from '@tensorflow/tfjs-core';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadNetwork } from './tensorflow.js';

export async function load({ threads }) {
  setWasmPaths('/tensorflow/');
  setThreadsCount(threads);
  await tf.setBackend('wasm');
  return loadNetwork();
}
