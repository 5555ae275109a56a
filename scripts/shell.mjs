// Running other programs, and telling what is being done. Node built-ins only: set-up uses this before npm has run.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const depsFolder = join(projectFolder, '.deps');

/** An error whose message is for the person at the keyboard: what failed, and what to do about it. */
export class StepError extends Error {
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

/** Says what is done now, at the left margin; details follow with `detail`. */
export function say(text) {
  console.log(`\n» ${text}`);
}

export function detail(text) {
  console.log(`  ${text}`);
}

/** Runs a program with its output shown. Rejects with a StepError unless it ends with 0. */
export function run(command, args, { advice, ...options } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: projectFolder, stdio: ['ignore', 'inherit', 'inherit'], ...options });
    child.on('error', (error) => fail(new StepError(`${command} could not be started: ${error.message}`, advice)));
    child.on('close', (code, signal) => {
      if (code === 0) done();
      else fail(new StepError(`${[command, ...args].join(' ')}\n  ended with ${signal ?? code}`, advice));
    });
  });
}

/** Runs a program and returns { status, output, error } as text; never throws. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: projectFolder,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    ...options,
  });
  return {
    status: result.status ?? 1,
    output: result.stdout ?? '',
    error: result.stderr ?? String(result.error ?? ''),
  };
}

/** The full path of a program, given by name (looked for on PATH) or by path; or undefined. */
export function which(program) {
  if (program.includes('/')) return existsSync(program) ? program : undefined;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, program);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** Compares dotted version numbers: is `version` at least `least`? */
export function versionAtLeast(version, least) {
  const parts = (text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [have, want] = [parts(version), parts(least)];
  for (let i = 0; i < want.length; i++) {
    if ((have[i] ?? 0) !== want[i]) return (have[i] ?? 0) > want[i];
  }
  return true;
}

/** Whether this module is the script that Node was started with, rather than imported by it. `url`: its import.meta.url. */
export function isMain(url) {
  const [, script] = process.argv;
  return Boolean(script) && existsSync(script) && url === pathToFileURL(realpathSync(script)).href; // it may be a link
}

/** Runs a script's main function; a StepError is told in full and ends the process with 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    console.error(`\nThis failed: ${error.message}`);
    if (error.advice) console.error(`What to do:  ${error.advice}`);
    process.exitCode = 1;
  }
}
