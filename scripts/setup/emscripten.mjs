// Emscripten, to compile C++ to WebAssembly. Whatever is chosen, .deps/emscripten/root leads to its folder (the one that
// holds emcc), and cmake/wasm_toolchain.cmake looks nowhere else.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { capture, depsFolder, detail, run, StepError, versionAtLeast, which } from '../shell.mjs';
import { DebianArchive, debianRelease, installPackages, isInstalled } from './debian.mjs';

const leastVersion = '3.1.69'; // the first whose relaxed SIMD has its final encoding and that was tried here
const ownFolder = join(depsFolder, 'emscripten');
const root = join(ownFolder, 'root');

/** Makes .deps/emscripten/root lead to an Emscripten of at least `leastVersion`. */
export async function ensureEmscripten() {
  if (existsSync(join(root, 'emcc')) && versionAtLeast(versionOf(root), leastVersion)) {
    const folder = realpathSync(root);
    if (folder.startsWith(realpathSync(ownFolder))) configure(folder); // the clone may have moved since, or Node
    return detail(`Emscripten ${versionOf(folder)} in ${folder}`);
  }
  rmSync(ownFolder, { recursive: true, force: true });
  mkdirSync(ownFolder, { recursive: true });

  if (useInstalled()) return;
  if (which('emcc')) detail(`the emcc on PATH is older than ${leastVersion}: not used`);
  const release = debianRelease();
  if (!release) {
    throw new StepError(
      `There is no emcc of version ${leastVersion} or newer on PATH.`,
      'Install Emscripten (https://emscripten.org/docs/getting_started/downloads.html), activate it in this shell, ' +
        'then run the same command again.',
    );
  }
  if (debianOffers(leastVersion)) {
    await installPackages(['emscripten']);
    if (useInstalled()) return;
    throw new StepError('Debian’s emscripten was installed, and emcc still does not run.', 'Try: emcc --version');
  }
  await unpackFromTrixie(release);
}

function versionOf(folder) {
  return readFileSync(join(folder, 'emscripten-version.txt'), 'utf8').replaceAll('"', '').trim();
}

function useInstalled() {
  const emcc = which('emcc');
  if (!emcc) return false;
  // em-config knows the folder even where emcc is a wrapper; without it, follow the link.
  const { status, output } = capture('em-config', ['EMSCRIPTEN_ROOT']);
  const folder = status === 0 ? output.trim() : dirname(realpathSync(emcc));
  if (!existsSync(join(folder, 'emscripten-version.txt')) || !versionAtLeast(versionOf(folder), leastVersion))
    return false;
  symlinkSync(folder, root);
  detail(`Emscripten ${versionOf(folder)}, already installed in ${folder}`);
  return true;
}

function debianOffers(version) {
  const { output } = capture('apt-cache', ['policy', 'emscripten']);
  const candidate = output.match(/Candidate: (?:\d+:)?([\d.]+)/)?.[1];
  return candidate !== undefined && versionAtLeast(candidate, version);
}

// Debian 12 has LLVM 19, which Emscripten 3.1.69 wants, but an old Emscripten. Debian 13's is Python and JavaScript with
// prebuilt libraries: its packages are unpacked into .deps, not installed, and used with Debian 12's LLVM.
async function unpackFromTrixie(release) {
  const llvm = ['clang-19', 'lld-19', 'llvm-19', 'python3'].filter((name) => !isInstalled(name));
  if (llvm.length > 0) await installPackages(llvm);

  detail('taking Emscripten from Debian 13, without installing it (about 250 MB)');
  const archive = await DebianArchive.open(release, { type: 'deb', suite: 'trixie' });
  try {
    // binaryen is compiled for Debian 13's C library, so that comes along.
    for (const file of await archive.downloadPackages(['emscripten', 'binaryen', 'libc6', 'libstdc++6', 'libgcc-s1'])) {
      await unpackPackage(file);
    }
  } finally {
    archive.close();
  }
  const folder = join(ownFolder, 'usr', 'share', 'emscripten');
  wrapBinaryen();
  configure(folder);
  symlinkSync(join('usr', 'share', 'emscripten'), root);
  detail(`Emscripten ${versionOf(folder)} in ${folder}`);
}

// The libraries for link-time optimisation and position-independent code, 1.2 GB, and the tests are left out.
const leftOut = ['lto', 'lto-pic', 'pic'].map((name) => `cache/sysroot/lib/wasm32-emscripten/${name}`);

async function unpackPackage(file) {
  const exclude = [...leftOut, 'test', 'docs', 'media'].map((path) => `--exclude='./usr/share/emscripten/${path}'`);
  await run('sh', ['-c', `dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" ${exclude.join(' ')}`, file, ownFolder], {
    advice: `Is the disk full? ${ownFolder} needs 700 MB.`,
  });
}

// binaryen's programs are started through the loader they were compiled for.
function wrapBinaryen() {
  const libraries = join('usr', 'lib');
  const triplet = readdirSync(join(ownFolder, libraries)).find((name) => name.endsWith('-linux-gnu'));
  const loader = readdirSync(join(ownFolder, libraries, triplet)).find((name) => /^ld-linux-.*\.so/.test(name));
  const folder = join(ownFolder, 'binaryen', 'bin');
  mkdirSync(folder, { recursive: true });
  for (const program of readdirSync(join(ownFolder, 'usr', 'bin')).filter((name) => name.startsWith('wasm'))) {
    const lines = [
      '#!/bin/sh',
      'here=$(dirname "$(readlink -f "$0")")/../..',
      `libraries="$here/${libraries}/${triplet}"`,
      `exec "$libraries/${loader}" --library-path "$libraries" "$here/usr/bin/${program}" "$@"`,
    ];
    writeFileSync(join(folder, program), `${lines.join('\n')}\n`);
    chmodSync(join(folder, program), 0o755);
  }
}

// Emscripten reads .emscripten beside emcc. Its optimiser's one npm package, acorn, is a dependency of this project and
// found in the project's own node_modules, being a folder above.
function configure(folder) {
  const settings = {
    LLVM_ROOT: '/usr/bin',
    LLVM_ADD_VERSION: '19',
    CLANG_ADD_VERSION: '19',
    BINARYEN_ROOT: join(ownFolder, 'binaryen'),
    NODE_JS: process.execPath,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  writeFileSync(join(folder, '.emscripten'), `${lines.join('\n')}\nFROZEN_CACHE = True\n`);
  // Its .js files are no ES modules, which they would be by the project's package.json above.
  writeFileSync(join(ownFolder, 'package.json'), '{ "type": "commonjs" }\n');
}
