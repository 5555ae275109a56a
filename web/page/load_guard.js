/**
 * Says so when a script of the page does not come, or is more than this browser understands: then main.js does not run. This is no
 * module itself, and imports nothing.
 */
addEventListener(
  'error',
  ({ target, filename }) => {
    if (document.documentElement.dataset.started !== undefined) return; // main.js runs, and tells itself
    const isMissing = target instanceof HTMLScriptElement;
    // Of another origin are a browser's extensions.
    if (!isMissing && !(filename && filename.startsWith(location.origin))) return;
    const tell = () => tellNotStarted(isMissing);
    // Modules may fail before the page is read in.
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', tell);
    else tell();
  },
  { capture: true }, // failed loads do not bubble
);

function tellNotStarted(isMissing) {
  const bar = document.getElementById('messages');
  bar.classList.add('notice');
  const reload = bar.querySelector('button');
  bar.querySelector('[role=alert]').textContent = isMissing
    ? 'A part of this page could not be loaded. Check the connection, then reload the page.'
    : 'This browser cannot run this page: it may be too old. Update it, or use another one.';
  reload.textContent = 'Reload';
  reload.hidden = false;
  reload.addEventListener('click', () => location.reload(), { once: true });
  const prediction = document.getElementById('prediction');
  prediction.querySelector('.headline').textContent = 'Not ready';
  prediction.querySelector('.detail').textContent = 'See the message above.';
}
