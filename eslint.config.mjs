import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['build/', '.deps/'] },
  js.configs.recommended,
  { files: ['scripts/**', 'tests/**', '*.mjs'], languageOptions: { globals: globals.node } },
  // Functions handed to page.evaluate run in the page, with the page's own names.
  { files: ['tests/browser/**', 'tests/package/**', 'tests/bench/**'], rules: { 'no-undef': 'off' } },
  { files: ['web/**'], languageOptions: { globals: { ...globals.browser, ...globals.worker } } },
];
