/** For `beforeunload`: the browser asks first whether the page is to be left. */
export function askFirst(event) {
  event.preventDefault();
  event.returnValue = true; // what Chrome before 119 looks at
}
