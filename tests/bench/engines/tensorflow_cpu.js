import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadNetwork } from './tensorflow.js';

export async function load() {
  await tf.setBackend('cpu');
  return loadNetwork();
}
