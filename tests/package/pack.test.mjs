// The package as npm would publish it: what is in it, what it exports, and what publint and are-the-types-wrong say.
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { publint } from 'publint';
import { packageFolder } from './helpers.mjs';

let folder;
let tarball;
let files;
let manifest;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inkdigit-pack-'));
  const args = ['pack', '--json', '--silent', '--pack-destination', folder, packageFolder];
  const [packed] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }));
  tarball = path.join(folder, packed.filename);
  files = packed.files.map((file) => file.path).sort();
  manifest = JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8'));
});
after(() => rm(folder, { recursive: true, force: true }));

const read = (file) => readFile(path.join(packageFolder, file), 'utf8');

/** Files that `file` imports or names by its own address, as paths in the package. */
async function namedBy(file) {
  const text = (await read(file)).replace(/^ *(\/\/|\*).*$/gm, '');
  const names = [...text.matchAll(/(?:from\s*|import\s*\(?\s*|new URL\(\s*)['"](\.{0,2}\/?[\w./-]+)['"]/g)];
  return names
    .map(([, name]) => name)
    .filter((name) => !(name in manifest.browser) && name !== 'react') // Node's own, and what react.d.ts is about
    .map((name) => path.posix.join(path.posix.dirname(file), name));
}

test('every file is reached from what the package exports, and everything reached is there', async () => {
  const texts = ['README.md', 'LICENSE', 'THIRD_PARTY_NOTICES.txt', 'weights/README.md'];
  const reached = new Set(['package.json', ...texts]);
  const visit = async (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    if (/\.(js|d\.ts)$/.test(file)) {
      for (const name of await namedBy(file))
        await visit(file.endsWith('.d.ts') ? name.replace(/\.js$/, '.d.ts') : name);
    }
  };
  for (const target of Object.values(manifest.exports).flatMap((entry) => Object.values(Object(entry)).flat())) {
    if (typeof target === 'string' && target.startsWith('./') && !target.includes('*')) await visit(target.slice(2));
  }
  assert.deepEqual(files, [...reached].sort());
});

test('all that its texts link to is in it, or on the web', async () => {
  const texts = files.filter((name) => name.endsWith('.md'));
  for (const file of texts) {
    const targets = [...(await read(file)).matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
    const local = targets.filter((target) => !/^https?:/.test(target));
    for (const target of local) assert.ok(files.includes(path.posix.join(path.posix.dirname(file), target)), target);
    if (file === 'README.md') assert.ok(local.includes('index.d.ts') && local.includes('weights/README.md'));
  }
});

test('it brings the notices that the licences of what is in its modules ask for', async () => {
  const text = await read('THIRD_PARTY_NOTICES.txt');
  for (const owner of [
    /Emscripten authors/,
    /For XNNPACK software/,
    /Marat Dukhan/,
    /Niels Lohmann/,
    /Sean Barrett/,
    /Rich Felker/,
  ]) {
    assert.match(text, owner);
  }
  assert.match(text, /MNIST.*CC BY-SA 3\.0/s);
});

test('no script starts itself, nor imports what only Node can tell: Turbopack ends neither', async () => {
  for (const file of files.filter((name) => name.endsWith('.js'))) {
    const text = await read(file);
    const started = [...text.matchAll(/new Worker\(\s*new URL\(\s*['"]([\w./-]+)/g)].map(([, name]) =>
      path.posix.basename(name),
    );
    assert.ok(!started.includes(path.posix.basename(file)), file);
    assert.doesNotMatch(text, /import\((?!['"])/, file);
  }
});

test('needs nothing else at run time', () => {
  for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts']) {
    assert.equal(manifest[field], undefined, field);
  }
});

test('the project exports under the same names as the package', async () => {
  const project = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.deepEqual(JSON.parse(JSON.stringify(project.exports).replaceAll('build/package/', '')), manifest.exports);
  assert.equal(project.version, manifest.version);
});

test('only what acts when it is imported has side effects', async () => {
  const acting = [];
  for (const file of files.filter((name) => /^[a-z_]+\.js$/.test(name))) {
    // Statements at the left margin that are no declaration, import or export, nor the end of one.
    const source = await readFile(new URL(`../../web/package/${file}`, import.meta.url), 'utf8');
    const statements = source.split('\n').filter((line) => /^[a-z]/i.test(line));
    const isDeclaration = (line) => /^(import|export|const|let|class|function|async function)\b/.test(line);
    if (!statements.every(isDeclaration)) acting.push(`./${file}`);
  }
  assert.deepEqual(acting.sort(), [...manifest.sideEffects].sort());
});

test('publint finds nothing wrong', async () => {
  const { messages } = await publint({ pkgDir: packageFolder, level: 'warning', strict: true });
  assert.deepEqual(messages, []);
});

test('are-the-types-wrong finds nothing wrong for ES modules', async () => {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(tarball))));
  // The package is for ES modules alone: what is told of require() and of TypeScript's oldest resolution does not count.
  const problems = analysis.problems.filter(
    ({ kind, resolutionKind }) => kind !== 'CJSResolvesToESM' && !['node10', 'node16-cjs'].includes(resolutionKind),
  );
  assert.deepEqual(problems, []);
  assert.ok(analysis.types);
});
