import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['build/', '.deps/'] },
  js.configs.recommended,
  { files: ['scripts/**', 'tests/**', '*.mjs'], languageOptions: { globals: globals.node } },
  // Functions handed to page.evaluate run in the page, with the page's own names.
  {
    files: ['tests/browser/**', 'tests/package/**', 'tests/bench/**', 'tests/consumers/**'],
    rules: { 'no-undef': 'off' },
  },
  { files: ['examples/**'], languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  // Read by the page and, with a document of its own, by Node.
  { files: ['tests/strokes/read_drawing.js'], languageOptions: { globals: globals.browser } },
  { files: ['web/**'], languageOptions: { globals: { ...globals.browser, ...globals.worker } } },
];
