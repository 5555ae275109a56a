/** The page's views, by the address: #draw (also none) and #train, whose code is fetched when it is first opened. */
import { makeButton } from './controls.js';
import { importTrainView } from './imports.js';
import { drawing } from './main.js';
import { technicalDetails } from './technical_details.js';

const titles = { draw: document.title, train: 'inkdigit: train a network of your own' };
const links = document.querySelectorAll('nav [data-view]');
const section = document.getElementById('train-view');
const indicator = document.getElementById('run-indicator');

let training = null; // promise of the Train view, or of null where it does not come

async function openTraining() {
  section.setAttribute('aria-busy', 'true');
  showLoading();
  try {
    const { TrainView } = await importTrainView();
    return await TrainView.open(section, { drawing, onRunProgress: showIndicator });
  } catch (error) {
    training = null;
    showFailure(error);
    return null;
  } finally {
    section.removeAttribute('aria-busy');
  }
}

/** Seen only if it takes longer (frame.css). */
function showLoading() {
  const notice = document.createElement('p');
  notice.className = 'loading';
  notice.setAttribute('role', 'status');
  notice.textContent = 'Loading…';
  section.replaceChildren(notice);
}

function showFailure({ message }) {
  const notice = document.createElement('div');
  notice.className = 'notice';
  notice.setAttribute('role', 'alert');
  const again = makeButton('Try again', async () => {
    await show('train');
    (section.querySelector('.notice button') ?? section.querySelector('h2')).focus(); // this button is gone
  });
  notice.append(
    'This view could not be loaded. Check the connection, then try again, or reload the page. ',
    technicalDetails(message),
    again,
  );
  section.replaceChildren(notice);
}

/** `share` of a run that goes on, 0…1; null when there is none. */
function showIndicator(share) {
  const text = share === null ? '' : `${Math.floor(share * 100)}%`;
  if (indicator.textContent !== text) indicator.textContent = text;
  indicator.hidden = share === null;
}

async function show(view) {
  document.body.dataset.view = view;
  document.title = titles[view];
  section.hidden = view !== 'train';
  for (const link of links) {
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (view === 'train') training ??= openTraining();
  (await training)?.setShown(document.body.dataset.view === 'train');
}

const followAddress = () => show(location.hash === '#train' ? 'train' : 'draw');
addEventListener('hashchange', () => {
  scrollTo(0, 0);
  followAddress();
});
followAddress();
