/**
 * Unpacks Debian packages with what they depend on into a cache folder, without being root.
 *
 * apt resolves against what is installed and checks signatures as always, with private folders for
 * its lists and downloads; `dpkg -x` unpacks; a wrapper in tools/ sets the library path.
 */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'

const programs = {
  chromium: ['usr/lib/chromium/chromium'],
  'dbus-daemon': ['usr/bin/dbus-daemon'],
  ip: ['bin/ip', 'usr/bin/ip', 'usr/sbin/ip', 'sbin/ip'],
} as const

export function unpackedFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  return join(cache, 'emotionalchain/chromium')
}

export async function unpackPackages(packages: readonly string[]): Promise<void> {
  const target = unpackedFolder()
  const scratch = `${target}.new`
  rmSync(scratch, { recursive: true, force: true })
  for (const folder of ['apt/state/lists/partial', 'apt/cache/archives/partial', 'tools']) {
    mkdirSync(join(scratch, folder), { recursive: true })
  }
  console.log(`Unpacking ${packages.join(', ')} into ${target}: not found here.`)
  await apt(scratch, 'update')
  await apt(scratch, 'install', '--download-only', '-y', '--no-install-recommends', ...packages)
  const archives = join(scratch, 'apt/cache/archives')
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    await must('dpkg', ['-x', join(archives, name), scratch])
  }
  rmSync(join(scratch, 'apt'), { recursive: true })
  rmSync(target, { recursive: true, force: true })
  renameSync(scratch, target)
  writeWrappers(target)
}

async function apt(folder: string, ...args: readonly string[]): Promise<void> {
  const settings = {
    'Dir::State': join(folder, 'apt/state'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(folder, 'apt/cache'),
    'Dir::Log': join(folder, 'apt'),
    'APT::Sandbox::User': '',
    'APT::Keep-Downloaded-Packages': 'true',
    // The lock belongs to the system's own folders, which stay untouched.
    'Debug::NoLocking': 'true',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await must('apt-get', ['-q', ...options, ...args])
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args, { quiet: true })
  if (code === 0) return
  throw new Error(
    `${command} ${args.join(' ')} failed:\n${output}\n` +
      'Without a package mirror, install Chromium yourself and set EMO_CHROMIUM.',
  )
}

function writeWrappers(folder: string): void {
  const fonts = join(folder, 'fonts.conf')
  writeFileSync(
    fonts,
    `<fontconfig><dir>${join(folder, 'usr/share/fonts')}</dir><dir>/usr/share/fonts</dir>` +
      `<cachedir>${join(folder, 'fontcache')}</cachedir></fontconfig>\n`,
  )
  const libraries = libraryFolders(folder).join(':')
  for (const [name, candidates] of Object.entries(programs)) {
    const program = candidates.map((path) => join(folder, path)).find((path) => existsSync(path))
    // What is not unpacked is installed already.
    if (program === undefined) continue
    const wrapper = join(folder, 'tools', name)
    writeFileSync(
      wrapper,
      `#!/bin/sh\nexport LD_LIBRARY_PATH='${libraries}'\nexport FONTCONFIG_FILE='${fonts}'\n` +
        `exec '${program}' "$@"\n`,
    )
    chmodSync(wrapper, 0o755)
  }
}

/** The library folders and, for packages with private ones such as nss, the folders inside them. */
function libraryFolders(folder: string): readonly string[] {
  return ['usr/lib', 'lib']
    .map((path) => join(folder, path))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
    .filter((path) => path.endsWith('-linux-gnu'))
    .flatMap((path) => [path, ...subfolders(path)])
    .filter((path) => readdirSync(path).some((name) => /^lib.*\.so/.test(name)))
}

function subfolders(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
}
