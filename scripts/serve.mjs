/**
 * Serves the built site with the headers it deserves: cross-origin isolation (threads), a strict content security policy,
 * right types.
 *
 *   node scripts/serve.mjs [folder] [--no-isolation]      PORT=8000  HOST=127.0.0.1
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sirv from 'sirv';
import { isMain, projectFolder } from './shell.mjs';

const siteFolder = path.join(projectFolder, 'build/site');

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types inkdigit', // the package's, for the addresses of its workers
  "frame-ancestors 'none'",
].join('; ');

const commonHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

function refuse(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain;charset=utf-8' });
  response.end(`${text}\n`);
}

/** Every part of the path is a plain name: no hidden file, no way out of the folder, nothing that cannot be decoded. */
function isPlainPath(url) {
  try {
    return decodeURIComponent(url.split('?')[0])
      .split(/[/\\]/)
      .every((name) => !name.startsWith('.') && !name.includes('\0'));
  } catch {
    return false;
  }
}

/**
 * An http.Server (not yet listening) for the files under `root`, which are read anew for each request.
 * Without `isolated`, the headers that make a page cross-origin isolated are left out, as on a plain static host.
 */
export function createSiteServer({ root = siteFolder, isolated = true } = {}) {
  const headers = new Headers({ ...commonHeaders, ...(isolated ? isolationHeaders : {}) });
  const serveFile = sirv(root, {
    dev: true, // no list of files taken at the start, so that a rebuilt site is served rightly
    etag: true,
    setHeaders(response, pathname) {
      // What sirv has no type for must have one: the weights, the samples.
      if (/\.(safetensors|safetensors\.gz|idx3-ubyte)$/.test(pathname))
        response.setHeader('Content-Type', 'application/octet-stream');
    },
  });
  return createServer((request, response) => {
    response.setHeaders(headers);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, 'Only GET and HEAD are served here.');
    }
    if (!isPlainPath(request.url)) return refuse(response, 404, 'There is no such file.');
    delete request.headers.range; // whole files only: nothing here needs a part
    response.on('pipe', (file) => {
      file.on('error', () => response.destroy()); // it went, or may not be read
      response.on('close', () => file.destroy()); // whoever asked has gone
    });
    serveFile(request, response, () => refuse(response, 404, 'There is no such file.'));
  });
}

function readPort(text) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`PORT must be a number from 0 to 65535, not "${text}".`);
  return port;
}

function listen(args) {
  const { values, positionals } = parseArgs({
    args,
    options: { 'no-isolation': { type: 'boolean' } },
    allowPositionals: true,
  });
  const root = path.resolve(positionals[0] ?? siteFolder);
  if (!existsSync(path.join(root, 'index.html')))
    throw new Error(`There is no site in ${root}: build it first (npm run build).`);
  const host = process.env.HOST || '127.0.0.1';
  const port = readPort(process.env.PORT || '8000');

  const server = createSiteServer({ root, isolated: !values['no-isolation'] });
  server.on('error', (error) => {
    const reason =
      error.code === 'EADDRINUSE'
        ? `port ${port} is in use. Stop the other program, or choose another port: PORT=${port + 1} npm start`
        : error.message;
    giveUp(reason);
  });
  server.listen(port, host, () => {
    const { address, port: chosen, family } = server.address();
    console.log(`inkdigit is at http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}/ (Ctrl+C stops it)`);
  });
}

function giveUp(reason) {
  console.error(`The site cannot be served: ${reason}`);
  process.exitCode = 1;
}

/** Serves as the command does, with its arguments, until the process ends. */
export function serve(args) {
  try {
    listen(args);
  } catch (error) {
    giveUp(error.message);
  }
}

if (isMain(import.meta.url)) serve(process.argv.slice(2));
