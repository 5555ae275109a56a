/** The page: wires the pad, the classifier and the views together. */
import { BackendView } from './backend_view.js';
import { DigitBoxes } from './digit_boxes.js';
import { ignoreDoubleTaps } from './double_tap.js';
import { describeFailure } from './failure_messages.js';
import { importPackage } from './imports.js';
import { FrameView, frameToImageData } from './frame_view.js';
import { History } from './history.js';
import { listenForFiles, openPicture } from './image_input.js';
import { attachPointerPen, LiveReader } from './inkdigit/drawing.js';
import { attachKeyboardPen } from './keyboard_pen.js';
import { Learning } from './learning/learning.js';
import { MessageBar } from './message_bar.js';
import { readSheet } from './number_reader.js';
import { leastSure, ordinal } from './number_words.js';
import { PredictionView } from './prediction_view.js';
import { ProbabilityChart } from './probability_chart.js';
import { loadSamples, SampleGallery } from './sample_gallery.js';
import { emptySheet, isEmpty, withPicture, withStroke } from './sheet.js';
import { SheetPad } from './sheet_pad.js';
import { keepSteady } from './steady_pad.js';

const byId = (id) => document.getElementById(id);

const prediction = new PredictionView(byId('prediction'));
const boxes = new DigitBoxes(byId('digit-boxes'));
const chart = new ProbabilityChart(byId('probabilities'));
const seenFrame = new FrameView(byId('seen-frame'));
const sampleFrame = new FrameView(byId('sample-frame'));
const backend = new BackendView(byId('backend'), byId('backend-why'));
const messages = new MessageBar(byId('messages'), { leave: () => canvas.focus({ preventScroll: true }) });
const history = new History(emptySheet, {
  isHeavy: ({ picture }) => picture !== null,
  onDrop: ({ picture }) => picture?.image.close(),
});
let classifier = null;
let samples = null;

// --- Reading -----------------------------------------------------------------------------------------------------

let latest = null; // { sheet, reading }: what was read last by the weights in use, or is being read

/** → promise of what is on a sheet (see number_reader.js). Who asks next about the same sheet gets the same. */
function readingOf(sheet) {
  if (latest?.sheet !== sheet) latest = { sheet, reading: readSheet(classifier, sheet) };
  return latest.reading;
}

const reader = new LiveReader({
  classify: readingOf,
  onResult: showResult,
  onError: handleReadingError,
  onBusy: (isBusy) => prediction.setBusy(isBusy),
});

let lastRead = emptySheet;

/**
 * Reads a sheet as soon as the classifier is there; a blank one needs no reading. With `grows`, it is the drawing that was read last with
 * more ink.
 */
function read(sheet, { grows = false } = {}) {
  if (!classifier) return;
  if (isEmpty(sheet)) {
    reader.stop();
    showBlank();
    learning.rest();
  } else {
    reader.read(sheet, { grows: grows && !lastRead.picture });
  }
  lastRead = sheet;
}

let results = []; // that are shown, in reading order

function showBlank({ picture } = emptySheet) {
  if (picture) prediction.showNoDigit();
  else prediction.showBlank();
  showNothing();
}

function showNothing() {
  results = [];
  boxes.clear();
  chart.clear();
  showChartHeading();
  seenFrame.show(null, {
    label: 'Nothing yet: the picture the network gets, 28 by 28 pixels',
    caption: 'What it saw',
  });
  sampleFrame.show(null, { label: 'Nothing yet: a sample of the digit read', caption: 'From MNIST' });
}

function showResult({ single, digits = [] }, sheet) {
  if (single?.state === 'blank') {
    learning.rest();
    return showBlank(sheet);
  }
  showSymbols(); // a lesson's network reads before the lesson is kept
  boxes.show(digits, { isDrawn: !sheet.picture });
  if (single) prediction.showResult(single);
  else prediction.showNumber(digits);
  results = single ? [single] : digits;
  showDetails();
  const isFinished = sheet === history.current && !pad.isDrawing;
  if (isFinished) learning.ask(results, sheet);
  else learning.rest();
}

function showChartHeading(which = '') {
  byId('chart-heading').textContent = `How likely is each digit${which}?`;
}

/** Of a number, `chosen` is the index of the digit that is asked about; without it, the one that may need a second look. */
function showDetails(chosen = leastSure(results)) {
  const result = results[chosen];
  const isNumber = results.length > 1;
  if (isNumber) boxes.mark(chosen);
  showChartHeading(isNumber ? `, as the ${ordinal(chosen)}` : '');
  chart.show(result.probabilities);
  seenFrame.show(result.frame, {
    label: `The picture the network got${isNumber ? ` of the ${ordinal(chosen)} digit` : ''}, 28 by 28 pixels, white on black`,
    caption: isNumber ? `What it saw, ${ordinal(chosen)}` : 'What it saw',
  });
  if (result.digit < 0) {
    sampleFrame.show(null, { label: 'MNIST has no symbols', caption: 'Not in MNIST' });
  } else {
    sampleFrame.show(samples?.[result.digit], {
      label: `An original MNIST image of the digit ${result.digit}`,
      caption: `MNIST’s ${result.digit}`,
    });
  }
}

function handleReadingError(error, sheet) {
  if (error.code === 'input') {
    messages.show(describeFailure(error));
    if (sheet === history.current) undo(); // what was there before the picture is still wanted
  } else {
    failed(error);
  }
}

// --- The sheet ---------------------------------------------------------------------------------------------------

const canvas = byId('pad');
const undoButton = byId('undo');

const pad = new SheetPad(canvas, emptySheet, {
  onInk: (strokes) => read({ strokes, picture: null }, { grows: true }),
  onStroke: (stroke) => put(withStroke(history.current, stroke), { grows: true }),
  onCancel: () => update(),
});

/** Puts a new sheet on the pad; the one before can be had back by Undo. */
function put(sheet, options) {
  history.push(sheet);
  messages.dismiss();
  update(options);
}

function update(options) {
  const sheet = history.current;
  pad.show(sheet);
  byId('pad-caption').textContent = sheet.picture?.name ?? '';
  // Not `disabled`: a button that has the focus must not lose it.
  undoButton.setAttribute('aria-disabled', !history.canUndo);
  read(sheet, options);
}

function undo() {
  if (pad.isDrawing) pad.cancel();
  else if (history.undo()) update();
}

function clear() {
  ++openings; // a picture that is still being opened is not wanted either
  pad.cancel();
  if (!isEmpty(history.current)) put(emptySheet);
}

keepSteady(canvas, { above: [byId('messages'), byId('prediction'), byId('lesson')], frame: canvas.closest('main') });
ignoreDoubleTaps(canvas, byId('lesson'));
attachPointerPen(canvas, pad);
attachKeyboardPen(canvas, byId('pen-cursor'), pad, (text) => {
  byId('pen-state').textContent = text;
});
undoButton.addEventListener('click', undo);
byId('clear').addEventListener('click', clear);
/** Elsewhere Esc and Delete are the control's that has the focus. */
const isFocusOnDrawing = () => [canvas, document.body, null].includes(document.activeElement);

/** Z, by its place where the keyboard has other letters than these. */
const isZ = ({ key, code }) => (/^[a-z]$/i.test(key) ? key.toLowerCase() === 'z' : code === 'KeyZ');

document.addEventListener('keydown', (event) => {
  if (document.body.dataset.view === 'train') return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && isZ(event)) {
    event.preventDefault();
    undo();
  } else if (event.key === 'Escape' || event.key === 'Delete') {
    const isDone = event.key === 'Escape' && learning.leaveOff();
    if (!isDone && isFocusOnDrawing()) clear();
  }
});

// --- Learning ----------------------------------------------------------------------------------------------------

const learning = new Learning({
  bar: byId('lesson'),
  panel: byId('lessons'),
  cue: byId('network-cue'),
  onChoose: (index, onPick) => {
    boxes.choose(index, onPick);
    if (results.length > 1) showDetails(index in results ? index : undefined); // it may have been read anew as fewer
  },
  messages,
  read: async (sheet) => {
    const { single, digits } = await readingOf(sheet);
    return single ? [single] : digits;
  },
  onRead: () => {
    latest = null;
    if (!classifier) return;
    backend.show(classifier.backend); // learnt weights may be of another precision
    showSymbols();
    if (!pad.isDrawing) read(history.current);
  },
  leave: () => canvas.focus({ preventScroll: true }),
});

/** Own symbols of the network come after the ten digits. */
function showSymbols() {
  prediction.setSymbols(classifier.symbols);
  chart.setSymbols(classifier.symbols);
}

// --- Pictures ----------------------------------------------------------------------------------------------------

let openings = 0;

/** Puts a picture on the pad once `open()` has given it, if none was asked for since. → whether it is there. */
async function putPicture(open) {
  const opening = ++openings;
  let picture;
  try {
    picture = await open();
  } catch (error) {
    if (opening === openings) messages.show({ text: error.message });
    return false;
  }
  if (opening !== openings) {
    picture.image.close();
    return false;
  }
  if (pad.isDrawing) pad.end(); // Undo has it
  put(withPicture(picture));
  return true;
}

listenForFiles({
  input: byId('picture-file'),
  dropTarget: byId('drop-target'),
  onFiles: async (files) => {
    if (document.body.dataset.view === 'train') location.hash = 'draw';
    const lessons = files.filter(Learning.isLessonFile);
    if (lessons.length > 0) {
      if (lessons.length < files.length) messages.show({ text: 'Only the lessons are opened: choose pictures apart.' });
      return learning.importFiles(lessons);
    }
    const isThere = await putPicture(() => openPicture(files[0]));
    if (isThere && files.length > 1) {
      messages.show({ text: `Only the first of ${files.length} pictures is opened: one at a time.` });
    }
  },
  // The bar that would say so is not there.
  onError: (error) => document.body.dataset.view === 'train' || messages.show({ text: error.message }),
});

const gallery = new SampleGallery(byId('sample-list'), async (digit) => {
  if (!samples) return;
  await putPicture(() => samplePicture(digit));
  byId('prediction').scrollIntoView({ block: 'nearest' });
});

async function samplePicture(digit) {
  const source = frameToImageData(samples[digit]);
  const image = await createImageBitmap(source);
  const { width, height } = image;
  return { name: `MNIST’s ${digit}`, image, width, height, source, pixelated: true };
}

async function startGallery() {
  try {
    samples = await loadSamples(new URL('mnist_samples.idx3-ubyte', import.meta.url));
    gallery.show(samples);
  } catch (error) {
    gallery.fail(error.message, startGallery);
  }
}

// --- The classifier ----------------------------------------------------------------------------------------------

async function startClassifier() {
  prediction.showLoading();
  prediction.setBusy(true);
  backend.tell('loading');
  try {
    classifier = await learning.start(await importPackage());
  } catch (error) {
    failed(error);
    return;
  }
  prediction.setBusy(false);
  backend.show(classifier.backend);
  showSymbols();
  read(history.current);
}

function failed(error) {
  classifier?.dispose();
  classifier = null;
  learning.stop();
  reader.stop();
  prediction.showFailure();
  showNothing();
  backend.tell('nothing yet, see the message above');
  messages.show(describeFailure(error), {
    action: 'Try again',
    onAction: startClassifier,
  });
}

function checkReader() {
  if (!classifier) throw new Error('The reader is not ready: the Draw view says why.');
}

/** For the other views of the page: other weights for the drawings. → promises of whether it went well; they reject without a reader. */
export const drawing = {
  useWeights: async (bytes, title) => {
    checkReader();
    return learning.useWeights(bytes, title);
  },
  useShippedWeights: async () => {
    checkReader();
    return learning.useShippedWeights();
  },
};

document.documentElement.dataset.started = ''; // for load_guard.js
startGallery();
startClassifier();
