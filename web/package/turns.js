/** → a function that calls what it is given once all that it was given before has ended, and gives what comes of it. */
export function takeTurns() {
  let last = Promise.resolve();
  return (call) => {
    const result = last.then(call);
    last = result.catch(() => {});
    return result;
  };
}
