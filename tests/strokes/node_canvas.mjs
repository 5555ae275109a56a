/** A canvas for Node, @napi-rs/canvas, which draws with Chromium's own library; installed when it is first needed. */
import { ensureNpmPackages } from '../../scripts/setup/packages.mjs';

export async function openCanvas() {
  await ensureNpmPackages('tests/strokes');
  return import('@napi-rs/canvas');
}
