// The types of the package compile, and refuse what they should; see types.test-d.ts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { projectFolder } from '../../scripts/shell.mjs';
import { packageFolder } from './helpers.mjs';

const options = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  paths: {
    inkdigit: [`${packageFolder}index.d.ts`],
    'inkdigit/engine': [`${packageFolder}engine.d.ts`],
    'inkdigit/reader': [`${packageFolder}reader.d.ts`],
    'inkdigit/element': [`${packageFolder}element.d.ts`],
    'inkdigit/drawing': [`${packageFolder}drawing.d.ts`],
  },
};

const file = fileURLToPath(new URL('types.test-d.ts', import.meta.url));

function assertCompiles(compilerHost, ownOptions = options) {
  const program = ts.createProgram([file], ownOptions, compilerHost);
  const diagnostics = ts.getPreEmitDiagnostics(program);
  const host = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => packageFolder,
    getNewLine: () => '\n',
  };
  assert.equal(diagnostics.length, 0, ts.formatDiagnostics(diagnostics, host));
}

test('the types hold what they promise', () => assertCompiles());

test('the types hold with TypeScript 6 and 7, too, which say more of the event `input`', () => {
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile;
  let isNewer = false;
  host.readFile = (name) => {
    const text = readFile(name);
    if (!name.endsWith('/lib.dom.d.ts')) return text;
    const newer = text.replace('"input": Event;', '"input": InputEvent;');
    isNewer = newer !== text;
    return newer;
  };
  assertCompiles(host);
  assert.ok(isNewer);
});

test('the types hold beside those of `using`, which ends what they make', () => {
  const withUsing = { ...options, lib: [...options.lib, 'lib.esnext.disposable.d.ts'] };
  const host = ts.createCompilerHost(withUsing);
  const readFile = host.readFile;
  host.readFile = (name) => {
    if (name !== file) return readFile(name);
    return `${readFile(name)}
      export async function useAll(): Promise<void> {
        using classifier = await createClassifier();
        using trainer = await createTrainer();
        using engine = await loadEngine();
        using engineTrainer = engine.createTrainer();
        using reader = await loadReader();
        void [classifier, trainer, engineTrainer, reader];
      }`;
  };
  assertCompiles(host, withUsing);
});

test('the documentation of the types can be made, without a warning (npm run docs)', () => {
  execFileSync(process.execPath, ['node_modules/typedoc/bin/typedoc', '--emit', 'none'], {
    cwd: projectFolder,
    stdio: 'pipe',
  });
});
