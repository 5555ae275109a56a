/** A canvas for Node, @napi-rs/canvas, which draws with Chromium's own library; installed when it is first needed. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

export async function openCanvas() {
  if (!existsSync(new URL('node_modules/@napi-rs/canvas', import.meta.url))) {
    console.error('Installing a canvas for Node (tests/strokes)…');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
      cwd: here,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return import('@napi-rs/canvas');
}
