/** How many bytes the files of a site have when they are compressed as servers do. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const weightsNames = /\.(safetensors|safetensors\.gz|onnx|tflite)$/;

/** Compressing is slow: results are kept in `cacheFile`, by the hash of what was compressed. */
export function createTransferMeter(site, cacheFile) {
  const sizes = existsSync(cacheFile) ? JSON.parse(readFileSync(cacheFile, 'utf8')) : {};

  async function compressedSize(file) {
    const bytes = await readFile(file);
    const key = createHash('sha256').update(bytes).digest('hex');
    sizes[key] ??= (
      await promisify(brotliCompress)(bytes, {
        params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_QUALITY]: 11 },
      })
    ).length;
    return sizes[key];
  }

  /** Paths that were requested → { code, weights, files }, bytes as brotli (quality 11); a path counts once. */
  return async function measure(paths) {
    const total = { code: 0, weights: 0, files: [] };
    for (const name of new Set(paths)) {
      const file = path.join(site, decodeURIComponent(name));
      if (!existsSync(file)) continue; // asked for, and not there
      const size = await compressedSize(file);
      total[weightsNames.test(name) ? 'weights' : 'code'] += size;
      total.files.push({ name, size });
    }
    await mkdir(path.dirname(cacheFile), { recursive: true });
    await writeFile(cacheFile, JSON.stringify(sizes));
    return total;
  };
}
