// The system's packages (Debian's, by apt) and npm's.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, projectFolder, run, StepError, versionAtLeast, which } from '../shell.mjs';
import { debianRelease, installPackages, isInstalled } from './debian.mjs';

const anyChromium = 'Chromium (or name one: INKDIGIT_CHROMIUM)';
// Each is there if one of its programs is on PATH, or else if Debian's package is installed. `for`: the tool, the tests or the
// bench alone; `optional`: elsewhere than on Debian, where nothing can be installed from here, one does without.
const tools = [
  { debian: 'cmake', programs: ['cmake'], what: 'CMake 3.25 or newer' },
  { debian: 'ninja-build', programs: ['ninja'], what: 'Ninja' },
  { debian: 'python3', programs: ['python3'], what: 'Python 3 (Emscripten is written in it)' },
  { debian: 'xz-utils', programs: ['xz'], what: 'xz (to unpack sources)' },
  { debian: 'ccache', programs: ['ccache'], what: 'ccache (makes later builds short)', optional: true },
  { debian: 'clang-19', programs: ['clang-19'], what: 'clang 19', for: 'tool' },
  { debian: 'libclang-rt-19-dev', what: 'the sanitizers of clang 19', for: 'tests' },
  { debian: 'git', programs: ['git'], what: 'git (which tells what files are the project’s)', for: 'tests' },
  { debian: 'llvm-19', programs: ['llvm-symbolizer-19'], what: 'LLVM 19 (names in sanitizer reports)', for: 'tests' },
  { debian: 'clang-format-19', programs: ['clang-format-19'], what: 'clang-format 19', for: 'tests' },
  { debian: 'chromium-headless-shell', programs: browserPrograms(), what: anyChromium, for: 'tests' },
  { debian: 'chromium', programs: wholeBrowserPrograms(), what: anyChromium, for: 'bench' },
  { debian: 'firefox-esr', programs: ['firefox-esr', 'firefox'], what: 'Firefox', for: 'tests' },
  { debian: 'webkit2gtk-driver', programs: ['WebKitWebDriver'], what: 'WebKitGTK and its driver', for: 'tests' },
  { debian: 'xvfb', programs: ['Xvfb'], what: 'a screen for WebKitGTK', for: 'tests' },
  { debian: 'fonts-liberation', what: 'fonts for the browser tests', for: 'tests' },
];

/** Chromium as people have it, which the bench drives: the one INKDIGIT_CHROMIUM names, or one of these programs on PATH. */
function wholeBrowserPrograms() {
  const named = process.env.INKDIGIT_CHROMIUM;
  return named ? [named] : ['chromium', 'chromium-browser', 'google-chrome'];
}

/** What the tests drive: the shell without windows, too, which opens a tab in half the time, but cannot measure memory. */
function browserPrograms() {
  return process.env.INKDIGIT_CHROMIUM
    ? wholeBrowserPrograms()
    : ['chromium-headless-shell', ...wholeBrowserPrograms()];
}

const firstThere = (programs) => programs.map(which).find(Boolean);
/** Their paths; undefined if there is none. */
export const browserProgram = () => firstThere(browserPrograms());
export const wholeBrowserProgram = () => firstThere(wholeBrowserPrograms());

const isThere = ({ debian, programs = [] }, onDebian) =>
  programs.some((program) => which(program)) || (onDebian && isInstalled(debian));

/**
 * Installs the system's packages that are missing: → whether it did; where that cannot be done, says which tools are.
 * `purposes`: what is to be done beside building the page, of 'tool', 'tests' and 'bench'.
 */
export async function ensureSystemPackages({ purposes }) {
  const onDebian = debianRelease() !== undefined;
  const needed = tools.filter((tool) => !tool.for || purposes.includes(tool.for));
  const missing = needed.filter((tool) => !isThere(tool, onDebian));
  if (missing.length > 0 && onDebian) {
    await installPackages(missing.map(({ debian }) => debian));
  } else if (missing.some(({ programs, optional }) => programs && !optional)) {
    throw new StepError(
      `This is not Debian, so these tools cannot be installed from here: ${missing.map(({ what }) => what).join('; ')}.`,
      'Install them in the way of this system, then run the same command again.',
    );
  }
  const cmakeVersion = capture('cmake', ['--version']).output.match(/[\d.]+/)?.[0] ?? '0';
  if (!versionAtLeast(cmakeVersion, '3.25')) {
    throw new StepError(`CMake 3.25 or newer is needed; ${which('cmake')} is ${cmakeVersion}.`, 'Install a newer one.');
  }
  return missing.length > 0 && onDebian;
}

/**
 * npm's packages as the package-lock.json in `folder` (of the project) pins them; npm runs only when that file has changed
 * since: → whether it did. What it says goes to stderr.
 */
export async function ensureNpmPackages(folder = '.') {
  const cwd = join(projectFolder, folder);
  const lock = createHash('sha256')
    .update(readFileSync(join(cwd, 'package-lock.json')))
    .digest('hex');
  const stamp = join(cwd, 'node_modules', '.inkdigit-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return false;
  // --ignore-scripts: no package needs to run its own code in order to be used here.
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd,
    stdio: ['ignore', 2, 2],
    advice: 'Is this machine online, and is npm installed (on Debian 13: apt-get install npm)? Then run it again.',
  });
  writeFileSync(stamp, lock);
  return true;
}
