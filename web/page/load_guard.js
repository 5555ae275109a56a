/**
 * Says so when a script of the page does not come: then none of its modules runs, main.js neither. This is no module itself, and
 * imports nothing.
 */
addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    // Modules may fail before the page is read in.
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', tellMissingScript);
    else tellMissingScript();
  },
  { capture: true }, // failed loads do not bubble
);

function tellMissingScript() {
  const bar = document.getElementById('messages');
  const reload = bar.querySelector('button');
  bar.querySelector('[role=alert]').textContent =
    'A part of this page could not be loaded. Check the connection, then reload the page.';
  reload.textContent = 'Reload';
  reload.hidden = false;
  reload.addEventListener('click', () => location.reload(), { once: true });
  const prediction = document.getElementById('prediction');
  prediction.querySelector('.headline').textContent = 'Not ready';
  prediction.querySelector('.detail').textContent = 'See the message above.';
}
