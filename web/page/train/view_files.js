/** The files of a view that is opened later than the page: its elements and its styles. */

/** The elements of an HTML file. Read by XMLHttpRequest, which gives a document: the page's policy forbids making elements of text. */
export function fetchElements(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.open('GET', url);
    request.addEventListener('load', () => {
      const { status, response } = request;
      if (status === 200 && response?.body.children.length > 0) resolve([...response.body.children]);
      else reject(new Error(`${url.pathname}: the server answered ${status}.`));
    });
    request.addEventListener('error', () => reject(new Error(`${url.pathname} could not be loaded.`)));
    request.send();
  });
}

/** Resolves when the styles are in use, so that nothing is seen without them. */
export function addStyles(url) {
  if (document.querySelector(`link[href="${url.href}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = url.href;
    link.addEventListener('load', resolve);
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`${url.pathname} could not be loaded.`));
    });
    document.head.append(link);
  });
}
