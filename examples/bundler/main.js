// The element, and a classifier of one's own beside it.
import { createClassifier } from 'inkdigit';
import 'inkdigit/element';

const canvas = document.createElement('canvas');
canvas.width = canvas.height = 280;
const context = canvas.getContext('2d');
context.fillStyle = '#fff';
context.fillRect(0, 0, 280, 280);
context.lineWidth = 20;
context.lineCap = 'round';
context.stroke(new Path2D('M140 40V240')); // a one

const classifier = await createClassifier(globalThis.inkdigitOptions);
const { digit, state } = await classifier.classify(canvas);
document.getElementById('plain').value = `${state} ${digit}, ${classifier.backend.threads} threads`;
