// The system's packages (Debian's, by apt) and npm's.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, detail, projectFolder, run, StepError, versionAtLeast, which } from '../shell.mjs';
import { debianRelease, installPackages, isInstalled } from './debian.mjs';

// Each is there if one of its programs is on PATH, or else if Debian's package is installed. `for`: the tool or the tests
// alone; `optional`: elsewhere than on Debian, where nothing can be installed from here, one does without.
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
  { debian: 'chromium', programs: browserPrograms(), what: 'Chromium (or name one: INKDIGIT_CHROMIUM)', for: 'tests' },
  { debian: 'firefox-esr', programs: ['firefox-esr', 'firefox'], what: 'Firefox', for: 'tests' },
  { debian: 'webkit2gtk-driver', programs: ['WebKitWebDriver'], what: 'WebKitGTK and its driver', for: 'tests' },
  { debian: 'xvfb', programs: ['Xvfb'], what: 'a screen for WebKitGTK', for: 'tests' },
  { debian: 'fonts-liberation', what: 'fonts for the browser tests', for: 'tests' },
];

/** The browser the tests drive: the one INKDIGIT_CHROMIUM names, or one of these programs on PATH. */
function browserPrograms() {
  return process.env.INKDIGIT_CHROMIUM
    ? [process.env.INKDIGIT_CHROMIUM]
    : ['chromium', 'chromium-browser', 'google-chrome'];
}

/** Its path; undefined if there is none. */
export const browserProgram = () => browserPrograms().map(which).find(Boolean);

const isThere = ({ debian, programs = [] }, onDebian) =>
  programs.some((program) => which(program)) || (onDebian && isInstalled(debian));

/**
 * Installs the system's packages that are missing; where that cannot be done, says which tools are.
 * `purposes`: what is to be built beside the page, of 'tool' and 'tests'.
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
  detail(missing.length > 0 && onDebian ? 'installed' : 'all there');
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
