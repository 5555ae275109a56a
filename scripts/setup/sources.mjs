// The third-party sources of cmake/dependencies.json: fetched, checked against their pinned SHA-256, and unpacked into
// .deps/sources/<name>, where cmake/dependencies.cmake finds them.
//
// Tried in this order: what is there already; the folder INKDIGIT_SOURCES, holding either the tarballs under their
// Debian names or one folder <name>/ each; Debian's archive; the public repositories.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { capture, depsFolder, detail, projectFolder, StepError } from '../shell.mjs';
import { DebianArchive, debianRelease } from './debian.mjs';

const manifestFile = join(projectFolder, 'cmake', 'dependencies.json');
const archivesFolder = join(depsFolder, 'archives');
const sourcesFolder = join(depsFolder, 'sources');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** SHA-256 of a source tree: of the lines "<file's SHA-256>  <path>\n" of all its files, in the order of their paths. */
function treeDigest(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => path !== stampName)
    .sort();
  return sha256(files.map((path) => `${sha256(readFileSync(join(folder, path)))}  ${path}\n`).join(''));
}

// The stamp says which pinned source a folder holds; a changed manifest makes it stale.
const stampName = '.inkdigit-source';

function isReady(name, source) {
  const stamp = join(sourcesFolder, name, stampName);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === source.tree;
}

// Keeps what the build needs of an unpacked tree, whole or not at all.
function install(name, source, tree) {
  const folder = join(sourcesFolder, name);
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  for (const path of source.keep) {
    if (existsSync(join(tree, path))) {
      // The files' own times are kept, so that fetching them again makes nothing look changed.
      cpSync(join(tree, path), join(partial, path), { recursive: true, preserveTimestamps: true });
    }
  }
  if (treeDigest(partial) !== source.tree) {
    rmSync(partial, { recursive: true });
    return false;
  }
  writeFileSync(join(partial, stampName), source.tree);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  return true;
}

// Unpacks a tarball and installs its tree; the top folder, if it has one, is left out.
function unpack(name, source, tarball) {
  const temporary = join(depsFolder, `unpack-${name}`);
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const { status, error } = capture('tar', ['-xf', tarball, '-C', temporary]);
  if (status !== 0)
    throw new StepError(`${tarball} could not be unpacked: ${error}`, 'Are tar, xz and gzip installed?');
  const entries = readdirSync(temporary);
  const tree = entries.length === 1 ? join(temporary, entries[0]) : temporary;
  const installed = install(name, source, tree);
  rmSync(temporary, { recursive: true, force: true });
  return installed;
}

function isPinned(tarball, source) {
  return existsSync(tarball) && sha256(readFileSync(tarball)) === source.sha256;
}

function takeLocal(name, source, folder) {
  if (!folder) return false;
  const tarball = join(folder, source.archive);
  if (isPinned(tarball, source)) {
    if (unpack(name, source, tarball)) return true;
    detail(`${tarball}: what is kept of it is not what "tree" in cmake/dependencies.json says`);
    return false;
  }
  if (existsSync(tarball)) detail(`${tarball} is not the pinned one (SHA-256 ${source.sha256}): not used`);
  const tree = join(folder, name);
  if (!existsSync(tree)) return false;
  if (install(name, source, tree)) return true;
  detail(`${tree} does not hold the pinned files: not used`);
  return false;
}

async function fetchFromDebian(missing, suite) {
  const archive = await DebianArchive.open(debianRelease(), { type: 'deb-src', suite });
  try {
    const packages = missing
      .map(([, source]) => [source.debian, archive.sourceVersion(source.debian, source.sha256)])
      .filter(([, version]) => version)
      .map(([debian, version]) => `${debian}=${version}`);
    if (packages.length === 0) return;
    detail(`downloading ${packages.join(' ')}`);
    const folder = archive.downloadSources(packages);
    mkdirSync(archivesFolder, { recursive: true });
    for (const [, source] of missing) {
      const tarball = join(folder, source.archive);
      if (isPinned(tarball, source)) cpSync(tarball, join(archivesFolder, source.archive));
    }
  } finally {
    archive.close();
  }
}

// UNTESTED against the real servers (written where they cannot be reached); the pinned tree digest guards the result.
async function fetchFromRepository(name, source) {
  detail(`${name}: not had from Debian, trying ${source.fallback}`);
  const response = await fetch(source.fallback);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const tarball = join(depsFolder, `${name}.tar.gz`);
  writeFileSync(tarball, Buffer.from(await response.arrayBuffer()));
  const installed = unpack(name, source, tarball);
  rmSync(tarball);
  if (!installed) throw new Error('what came is not the pinned source (its files have another SHA-256)');
}

/** Makes .deps/sources complete. */
export async function fetchSources() {
  mkdirSync(depsFolder, { recursive: true });
  const { sources, suites } = JSON.parse(readFileSync(manifestFile, 'utf8'));
  const missing = () => Object.entries(sources).filter(([name, source]) => !isReady(name, source));
  if (missing().length === 0) return detail('all there');

  const local = process.env.INKDIGIT_SOURCES;
  for (const folder of [archivesFolder, local && resolve(local)]) {
    for (const [name, source] of missing()) {
      if (takeLocal(name, source, folder)) detail(`${name}: from ${folder}`);
    }
  }

  for (const suite of debianRelease() ? suites : []) {
    if (missing().length === 0) break;
    try {
      await fetchFromDebian(missing(), suite);
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      detail(`Debian ${suite} cannot be read here: ${error.message}`);
    }
    for (const [name, source] of missing()) {
      if (takeLocal(name, source, archivesFolder)) detail(`${name}: from Debian ${suite}`);
    }
  }

  for (const [name, source] of missing()) {
    try {
      await fetchFromRepository(name, source);
    } catch (error) {
      throw new StepError(
        `The source of ${name} could not be had: ${error.cause?.message ?? error.message}.`,
        `Is this machine online? Or put ${source.archive} (SHA-256 ${source.sha256}) or an unpacked folder "${name}" ` +
          'into a folder and name it by the variable INKDIGIT_SOURCES. Then run the same command again.',
      );
    }
  }
}
