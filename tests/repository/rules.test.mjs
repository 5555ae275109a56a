// The rules of the house that a compiler does not check: who may include or load what, and how files are formatted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { parse } from 'acorn';
import { vendorFiles } from '../../scripts/build_site.mjs';
import { projectFolder as root } from '../../scripts/shell.mjs';
import * as packageShapes from '../../web/package/shapes.js';
import * as pageShapes from '../../web/page/shapes.js';

/** Files below `folder` whose name ends in one of `ends`, as paths from the root. */
function filesIn(folder, ...ends) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end)))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
}

const read = (path) => readFileSync(join(root, path), 'utf8');
const cppFiles = filesIn('src', '.h', '.cpp', '.c');
const includesOf = (path) => [...read(path).matchAll(/^\s*#\s*include\s*[<"]([^>"]+)[>"]/gm)].map((match) => match[1]);

// The part of the house a file of src/ belongs to, and which parts each may include.
const partOf = (path) => (path.includes('/') ? path.split('/')[0] : 'classifier');
const mayInclude = {
  core: [],
  image: ['core'],
  nn: ['core'],
  train: ['core', 'image', 'nn'],
  classifier: ['core', 'image', 'nn', 'train'],
  wasm: ['core', 'image', 'nn', 'train', 'classifier'],
  tools: ['core', 'image', 'nn', 'train', 'classifier'],
};

test('includes go one way: core → image, nn → train → classifier → wasm, tools', () => {
  assert.ok(cppFiles.length > 20, 'the sources were not found');
  const broken = [];
  for (const file of cppFiles) {
    const own = partOf(relative('src', file));
    for (const include of includesOf(file)) {
      if (!existsSync(join(root, 'src', include))) continue; // another library's header
      const part = partOf(include);
      if (part !== own && !mayInclude[own]?.includes(part)) broken.push(`${file} includes ${include}`);
    }
  }
  assert.deepEqual(broken, []);
});

test('every include of ours is written from src/', () => {
  const broken = cppFiles.flatMap((file) =>
    includesOf(file)
      .filter((include) => !existsSync(join(root, 'src', include)) && existsSync(join(root, dirname(file), include)))
      .map((include) => `${file} includes ${include}`),
  );
  assert.deepEqual(broken, []);
});

/** Which files of `paths` include a header that `pattern` matches, besides those `allowed` matches. */
const includersOf = (pattern, allowed) =>
  cppFiles.filter((file) => includesOf(file).some((include) => pattern.test(include)) && !allowed.test(file));

test('only src/nn/xnn_operator, src/core/thread_pool and our microkernels in src/wasm see XNNPACK and pthreadpool', () => {
  assert.deepEqual(
    includersOf(
      /^(xnnpack|pthreadpool|cpuinfo)/,
      /^src\/(nn\/xnn_operator\.(h|cpp)|core\/thread_pool\.(h|cpp)|wasm\/(dot_\w+|xnnpack_configs)\.c)$/,
    ),
    [],
  );
});

test('only src/wasm sees Emscripten', () => {
  assert.deepEqual(includersOf(/^emscripten/, /^src\/wasm\//), []);
  const named = cppFiles.filter((file) => /__EMSCRIPTEN/.test(read(file)) && !file.startsWith('src/wasm/'));
  assert.deepEqual(named, []);
});

test('only the package loads a wasm file', () => {
  const loads = /WebAssembly\.(compile|instantiate)|\.wasm['"`]/;
  const loaders = filesIn('web', '.js', '.html').filter((file) => loads.test(read(file)));
  assert.deepEqual(loaders, ['web/package/builds.js', 'web/package/wasm_module.js']);
});

/** What a module imports or exports from, also later by `import()`: as it is written, of a template its start, without a query. */
function importsOf(path) {
  const found = [];
  const visit = (node) => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node?.type !== 'string') return;
    const isImport = /^(Import(Declaration|Expression)|Export(Named|All)Declaration)$/.test(node.type) && node.source;
    if (isImport) found.push((node.source.value ?? node.source.quasis[0].value.raw).split('?')[0]);
    Object.values(node).forEach(visit);
  };
  visit(parse(read(path), { ecmaVersion: 'latest', sourceType: 'module' }));
  return found;
}

test('the page imports its own files, public entries of the package, and what the site has under vendor/', () => {
  const scripts = Object.values(JSON.parse(read('package.json')).exports).filter((entry) => entry.default);
  const entries = scripts.map((entry) => basename(entry.default));
  const mayImport = new Set([
    ...filesIn('web/page', '.js').map((file) => relative('web/page', file)),
    ...entries.map((entry) => `inkdigit/${entry}`),
    ...Object.keys(vendorFiles).map((file) => `vendor/${file}`),
  ]);
  const imports = filesIn('web/page', '.js').flatMap((file) => importsOf(file).map((name) => ({ file, name })));
  assert.ok(imports.length > 100 && imports.some(({ name }) => name === './inkdigit/index.js'), 'they were not found');
  const broken = imports
    .filter(
      ({ file, name }) => !/^\.\.?\//.test(name) || !mayImport.has(relative('web/page', join(dirname(file), name))),
    )
    .map(({ file, name }) => `${file} imports ${name}`);
  assert.deepEqual(broken, []);
});

test('of the package, the site has nothing under vendor/ but its reader of safetensors', () => {
  const ours = Object.values(vendorFiles).filter((source) => !source.startsWith('node_modules/'));
  assert.deepEqual(ours, ['web/package/safetensors.js']);
});

test('the page and the package take the network to be of the same shape', () => {
  for (const [name, value] of Object.entries(packageShapes)) assert.equal(pageShapes[name], value, name);
});

/** The number that a file gives a name to. */
function numberIn(path, name) {
  const [, number] = read(path).match(new RegExp(`\\b${name} = ([\\d_]+);`)) ?? assert.fail(`${path} has no ${name}`);
  return Number(number.replaceAll('_', ''));
}

test('numbers that several places must know are the same in all of them', () => {
  for (const [[source, name], ...copies] of [
    [
      ['src/nn/symbols.h', 'kMostSymbolCharacters'],
      ['web/package/samples.js', 'mostNameCharacters'],
      ['web/page/learning/symbol_name.js', 'longestName'],
    ],
    [
      ['src/nn/symbols.h', 'kMostSymbols'],
      ['web/page/learning/symbol_name.js', 'mostSymbols'],
    ],
    [
      ['web/package/evaluate.js', 'picturesPerPass'],
      ['web/page/train/network_cost.js', 'readAtOnce'],
    ],
    [
      ['web/package/learn.js', 'picturesPerPass'],
      ['web/page/train/network_cost.js', 'readByLessons'],
    ],
  ]) {
    for (const [path, copy] of copies) assert.equal(numberIn(path, copy), numberIn(source, name), `${path}: ${copy}`);
  }
});

test('no file has a path of one machine or the address of a registry in it', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const paths = /(^|[\s"'`(=])\/(work|root|home\/\w+|tmp)\/\w/m;
  const registries = /https?:\/\/[^\s"']*(registry|artifact|pkg\.dev|\/debian\/)/i;
  const broken = tracked
    .filter(
      (file) =>
        existsSync(join(root, file)) &&
        /\.(md|json|mjs|js|ts|html|css|cpp|h|cmake|txt|yml|yaml)$|npmrc$|\.ci\//.test(file),
    )
    .filter(
      (file) =>
        paths.test(read(file)) ||
        registries.test(read(file)) ||
        /"resolved":/.test(file.endsWith('package-lock.json') ? read(file) : ''),
    );
  assert.deepEqual(broken, []);
});

/** Runs a program that checks files; what it prints, or why it does not run, becomes the failure. `advice`: what mends it. */
function check(advice, command, args) {
  try {
    execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch ({ message, stdout, stderr }) {
    assert.fail([advice, stdout || stderr || message].join('\n').slice(0, 4000));
  }
}
const formatAdvice = 'Not formatted: npm run format mends it.';

test('C++ is formatted', () => {
  const files = [...cppFiles, ...filesIn('tests', '.h', '.cpp')];
  check(formatAdvice, 'clang-format-19', ['--dry-run', '-Werror', ...files]);
});

test('JavaScript, HTML, CSS and JSON are formatted', () => {
  check(formatAdvice, process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']);
});

test('ESLint finds nothing', () => {
  check('ESLint found something.', process.execPath, ['node_modules/eslint/bin/eslint.js', '.']);
});
