/**
 * Finds a Chromium for the end-to-end tests, or provides one from Debian's packages: installed as
 * root, unpacked into a cache folder as an ordinary user.
 */

import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'
import { unpackedFolder, unpackPackages } from './unpack.ts'

export interface Chromium {
  readonly path: string
  /** Where it comes from, for a person to read. */
  readonly origin: string
  /** Folder to put first on PATH: holds `dbus-daemon` and `ip` when they had to be unpacked too. */
  readonly toolFolder: string | undefined
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

// Beside the browser: the bus of the Bluetooth double, and `ip` for the routed interface.
const packages = ['chromium', 'dbus-daemon', 'iproute2']

export async function provideChromium(): Promise<Chromium> {
  const found = findChromium()
  if (found !== undefined) return found
  if (findOnPath('apt-get') === undefined) {
    throw new Error(
      'No Chromium and no apt-get. Put Chromium or Chrome on PATH, or set EMO_CHROMIUM.',
    )
  }
  await (process.getuid?.() === 0 ? installAsRoot() : unpackPackages(packages))
  const provided = findChromium()
  if (provided === undefined) {
    throw new Error('Chromium was fetched but does not start. Set EMO_CHROMIUM to one that does.')
  }
  return provided
}

export function findOnPath(name: string): string | undefined {
  // Ordinary users of Debian have no sbin on PATH, yet may run what is there.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function findChromium(): Chromium | undefined {
  const chosen = process.env['EMO_CHROMIUM']
  if (chosen !== undefined && chosen !== '') {
    if (!starts(chosen)) throw new Error(`EMO_CHROMIUM is ${chosen}, which does not start.`)
    return { path: chosen, origin: 'EMO_CHROMIUM', toolFolder: undefined }
  }
  for (const name of names) {
    const path = findOnPath(name)
    if (path !== undefined && starts(path)) return { path, origin: 'PATH', toolFolder: undefined }
  }
  const downloaded = playwrightBrowsers().find(starts)
  if (downloaded !== undefined) {
    return { path: downloaded, origin: 'the cache of Playwright', toolFolder: undefined }
  }
  const toolFolder = join(unpackedFolder(), 'tools')
  const unpacked = join(toolFolder, 'chromium')
  if (!starts(unpacked)) return undefined
  return { path: unpacked, origin: 'packages unpacked into the cache folder', toolFolder }
}

function playwrightBrowsers(): readonly string[] {
  const cache = process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(homedir(), '.cache/ms-playwright')
  if (!existsSync(cache)) return []
  return readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort()
    .reverse()
    .flatMap((name) => ['chrome-linux64', 'chrome-linux'].map((os) => join(cache, name, os)))
    .map((folder) => join(folder, 'chrome'))
}

async function installAsRoot(): Promise<void> {
  console.log(`No Chromium found: installing ${packages.join(', ')} with apt-get.`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [
    ['update', '-q'],
    ['install', '-q', '-y', '--no-install-recommends', ...packages],
  ]) {
    const { code, output } = await run('apt-get', args, { quiet: true, env })
    if (code !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${output}`)
  }
}

/** The name is not enough: Ubuntu's chromium-browser only says where to get a snap. */
function starts(path: string): boolean {
  if (!isExecutable(path)) return false
  try {
    const version = execFileSync(path, ['--version'], { stdio: 'pipe', timeout: 30_000 })
    return /\d+\.\d+\.\d+/.test(version.toString())
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
