import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['build/', '.deps/'] },
  js.configs.recommended,
  { files: ['scripts/**', 'tests/**', '*.mjs'], languageOptions: { globals: globals.node } },
  // Functions handed to page.evaluate run in the page.
  {
    files: ['tests/browser/**', 'tests/package/**', 'tests/bench/**', 'tests/consumers/**'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  // What its page keeps from one evaluate to the next.
  {
    files: ['tests/package/page_*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'inkdigit',
          'classifier',
          'drawings',
          'labels',
          'failure',
          'boxes',
          'drawBox',
          'load',
          'toCanvas',
          'waiting',
          'abort',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  { files: ['examples/**'], languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  // Read by the page and, with a document of its own, by Node.
  { files: ['tests/strokes/read_drawing.js'], languageOptions: { globals: globals.browser } },
  { files: ['web/**'], languageOptions: { globals: { ...globals.browser, ...globals.worker } } },
];
