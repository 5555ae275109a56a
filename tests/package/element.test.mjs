// <ink-digit> where there is no whole browser: documents as jsdom and happy-dom have them, in which people test their components.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageFolder } from './helpers.mjs';

class SetFormValue {
  setFormValue() {}
}
/** What is there of what the element needs. */
const documents = {
  'a browser': { ElementInternals: SetFormValue, CanvasRenderingContext2D: class {}, ResizeObserver: class {} },
  jsdom: { ElementInternals: class {} },
  'jsdom with a ResizeObserver of the page’s own': { ElementInternals: class {}, ResizeObserver: class {} },
  'happy-dom': { ResizeObserver: class {} },
};

for (const [name, has] of Object.entries(documents)) {
  const isDefined = name === 'a browser';
  test(`in ${name} the element is ${isDefined ? '' : 'not '}defined`, async (t) => {
    const defined = [];
    const customElements = { get: () => undefined, define: (name) => defined.push(name) };
    const globals = { HTMLElement: class {}, customElements, ...has };
    Object.assign(globalThis, globals);
    t.after(() => Object.keys(globals).forEach((key) => delete globalThis[key]));
    const { InkDigitElement } = await import(`${packageFolder}element.js?${encodeURIComponent(name)}`);
    assert.deepEqual(defined, isDefined ? ['ink-digit'] : []);
    assert.equal(InkDigitElement.formAssociated, true);
  });
}
