// What set-up knows about Debian: which release this is, installing its packages, and taking files from another
// release of its archive without touching the system's own configuration.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, depsFolder, detail, run, StepError, which } from '../shell.mjs';

/** 'bookworm', 'trixie', …; undefined where this is not Debian. */
export function debianRelease() {
  if (!existsSync('/etc/os-release') || !which('apt-get')) return undefined;
  const text = readFileSync('/etc/os-release', 'utf8');
  if (!/^ID=["']?debian["']?$/m.test(text)) return undefined;
  return text.match(/^VERSION_CODENAME=["']?(\w+)/m)?.[1] ?? 'sid';
}

export function isInstalled(debianPackage) {
  const { status, output } = capture('dpkg-query', ['-W', '-f', '${db:Status-Status}', debianPackage]);
  return status === 0 && output === 'installed';
}

/** Installs packages as root, or by sudo. */
export async function installPackages(packages) {
  const commands = [
    ['apt-get', 'update', '-q'],
    ['apt-get', 'install', '-q', '-y', '--no-install-recommends', ...packages],
  ];
  const byHand = `As root, run:  apt-get update && apt-get install ${packages.join(' ')}`;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !which('sudo')) {
    throw new StepError(`These Debian packages are missing: ${packages.join(' ')}, and there is no sudo.`, byHand);
  }
  detail(`installing Debian packages: ${packages.join(' ')}`);
  for (const command of commands) {
    const [program, ...args] = isRoot ? command : ['sudo', 'DEBIAN_FRONTEND=noninteractive', ...command];
    await run(program, args, {
      advice: `Is this machine online? ${byHand}, then run the same command again.`,
      stdio: [isRoot ? 'ignore' : 'inherit', 'inherit', 'inherit'], // sudo may ask for a password
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}

/**
 * Where this system gets Debian from: [{ uris, signedBy }] of the binary entries for its own release.
 * Both of apt's formats are read; other repositories (and updates, security, backports) are left out by their suite.
 */
function systemArchives(release, aptFolder = '/etc/apt') {
  const parts = join(aptFolder, 'sources.list.d');
  const files = [join(aptFolder, 'sources.list')];
  if (existsSync(parts)) files.push(...readdirSync(parts).map((name) => join(parts, name)));
  const suites = new Set([release, 'stable', 'testing', 'unstable', 'oldstable']);
  const archives = [];
  for (const file of files.filter(existsSync)) {
    const text = readFileSync(file, 'utf8');
    if (file.endsWith('.list')) archives.push(...oneLineEntries(text, suites));
    if (file.endsWith('.sources')) archives.push(...deb822Entries(text, suites));
  }
  return archives;
}

// deb [option=value …] uri suite component…
function oneLineEntries(text, suites) {
  const entries = [];
  for (const line of text.split('\n')) {
    const match = line.match(/^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$/);
    if (!match || match[2].startsWith('cdrom:')) continue;
    const [, options = '', uri, suite, components] = match;
    if (!suites.has(suite) || !/\bmain\b/.test(components)) continue;
    entries.push({ uris: uri, signedBy: options.match(/signed-by=(\S+)/)?.[1] });
  }
  return entries;
}

// Stanzas of "Field: value", where a line that starts with a space goes on with the field before it.
function deb822Entries(text, suites) {
  const entries = [];
  for (const stanza of text.replace(/^#.*\n/gm, '').split(/\n\s*\n/)) {
    const fields = {};
    for (const [, name, value] of stanza.matchAll(/^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm)) {
      fields[name.toLowerCase()] = value.trim();
    }
    const words = (name) => (fields[name] ?? '').split(/\s+/);
    if (!words('types').includes('deb') || fields.enabled?.toLowerCase() === 'no') continue;
    if (!words('suites').some((suite) => suites.has(suite)) || !words('components').includes('main')) continue;
    entries.push({ uris: fields.uris.split(/\s+/).join(' '), signedBy: fields['signed-by'] });
  }
  return entries;
}

/** A private view of other releases of Debian's archive: its own lists and cache, in a folder that `close` removes. */
export class DebianArchive {
  /** For a system of `release`, looks at packages of `type` 'deb' or 'deb-src' in `suite`: fetches their index. */
  static async open(release, { type, suite }) {
    const archive = new DebianArchive();
    try {
      await archive.#open(release, type, suite);
    } catch (error) {
      archive.close();
      throw error;
    }
    return archive;
  }

  folder = join(depsFolder, 'apt');

  async #open(release, type, suite) {
    const [system] = systemArchives(release);
    if (!system) {
      throw new StepError(
        `No entry for Debian ${release} was found in /etc/apt/sources.list or /etc/apt/sources.list.d.`,
        'Add one (see "man sources.list"), then run the same command again.',
      );
    }
    this.close();
    for (const name of ['lists/partial', 'cache/archives/partial', 'files']) {
      mkdirSync(join(this.folder, name), { recursive: true });
    }
    // The keyring with the keys of all releases, rather than that of the system's own release alone.
    const keyring = ['pgp', 'gpg'].map((end) => `/usr/share/keyrings/debian-archive-keyring.${end}`).find(existsSync);
    const signedBy = keyring ?? system.signedBy;
    const stanza = [`Types: ${type}`, `URIs: ${system.uris}`, `Suites: ${suite}`, 'Components: main'];
    if (signedBy) stanza.push(`Signed-By: ${signedBy}`);
    writeFileSync(join(this.folder, 'archive.sources'), `${stanza.join('\n')}\n`);
    this.options = Object.entries({
      'Dir::Etc::sourcelist': join(this.folder, 'archive.sources'),
      'Dir::Etc::sourceparts': '/dev/null',
      'Dir::State::lists': join(this.folder, 'lists'),
      'Dir::State::status': '/dev/null',
      'Dir::Cache': join(this.folder, 'cache'),
      'Acquire::Languages': 'none',
      'Acquire::Check-Valid-Until': 'false', // an index that is out of date will do: we look for one given file
      'APT::Sandbox::User': 'root', // the folder is ours, not readable by apt's own user
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    await run('apt-get', [...this.options, '-q', 'update'], {
      advice: 'Is this machine online, and does "apt-get update" work? Then run the same command again.',
    });
  }

  /** The version of source package `name` whose files include one with this SHA-256, or undefined. */
  sourceVersion(name, sha256) {
    const { output } = capture('apt-cache', [...this.options, 'showsrc', '--only-source', name]);
    const stanza = output.split(/\n\s*\n/).find((text) => text.includes(sha256));
    return stanza?.match(/^Version: (.*)$/m)?.[1];
  }

  /** Downloads the upstream tarballs of source packages ['name=version', …], as many as are served; returns their folder. */
  downloadSources(packages) {
    const folder = join(this.folder, 'files');
    // --tar-only: the tarball is all we want, and some mirrors do not serve the .dsc files.
    const options = [...this.options, '-qq', 'source', '--tar-only', '--download-only'];
    const { status, error } = capture('apt-get', [...options, ...packages], { cwd: folder });
    if (status !== 0) detail(error.trim());
    return folder;
  }

  /** Downloads binary packages, without installing them, and returns the paths of their .deb files. */
  async downloadPackages(packages) {
    const folder = join(this.folder, 'files');
    await run('apt-get', [...this.options, '-q', 'download', ...packages], {
      cwd: folder,
      advice: 'Is this machine online? Run the same command again.',
    });
    return readdirSync(folder)
      .filter((name) => name.endsWith('.deb'))
      .map((name) => join(folder, name));
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
