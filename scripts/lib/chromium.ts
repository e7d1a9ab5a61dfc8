/**
 * Finds the Chromium of the end-to-end tests, and the two tools they need beside it; what is
 * missing comes from Debian's packages: installed as root, unpacked into a cache folder as an
 * ordinary user.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findOnPath, isExecutable } from './find.ts'
import { run } from './run.ts'
import { unpackedFolder, unpackPackages } from './unpack.ts'

export interface Chromium {
  readonly path: string
  /** Where it comes from, for a person to read. */
  readonly origin: string
  /** Folder for the end of PATH, with the tools that had to be unpacked. */
  readonly toolFolder: string
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The bus of the Bluetooth double, and what makes a routed interface: program and package. */
const tools = [
  ['dbus-daemon', 'dbus-daemon'],
  ['ip', 'iproute2'],
] as const

export async function provideChromium(): Promise<Chromium> {
  const installed = installedChromium()
  const toolFolder = join(unpackedFolder(), 'tools')
  const missing = [
    ...(installed === undefined ? [['chromium', 'chromium'] as const] : []),
    ...tools.filter(([program]) => findOnPath(program) === undefined),
  ]
  if (!missing.every(([program]) => isExecutable(join(toolFolder, program)))) {
    await fetchPackages(
      missing.map(([, name]) => name),
      installed !== undefined,
    )
  }
  const found = installed ?? installedChromium() ?? unpackedChromium(toolFolder)
  if (found === undefined) {
    throw new Error('Chromium was fetched but does not start. Set EMO_CHROMIUM to one that does.')
  }
  return { ...found, toolFolder }
}

type Found = Omit<Chromium, 'toolFolder'>

function installedChromium(): Found | undefined {
  const chosen = process.env['EMO_CHROMIUM']
  if (chosen !== undefined && chosen !== '') {
    if (!starts(chosen)) throw new Error(`EMO_CHROMIUM is ${chosen}, which does not start.`)
    return { path: chosen, origin: 'EMO_CHROMIUM' }
  }
  const onPath = names.map(findOnPath).find((path) => path !== undefined && starts(path))
  if (onPath !== undefined) return { path: onPath, origin: 'PATH' }
  const downloaded = playwrightBrowsers().find(starts)
  return downloaded === undefined
    ? undefined
    : { path: downloaded, origin: 'the cache of Playwright' }
}

function unpackedChromium(toolFolder: string): Found | undefined {
  const path = join(toolFolder, 'chromium')
  return starts(path) ? { path, origin: 'packages unpacked into the cache folder' } : undefined
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

/** Without Chromium nothing can run; without one of the tools, the tests that need it say so. */
async function fetchPackages(packages: readonly string[], optional: boolean): Promise<void> {
  try {
    if (findOnPath('apt-get') === undefined) {
      throw new Error(`There is no apt-get. Install ${packages.join(', ')} yourself.`)
    }
    await (process.getuid?.() === 0 ? installPackages(packages) : unpackPackages(packages))
  } catch (error) {
    if (!optional) throw error
    console.warn(error instanceof Error ? error.message : error)
  }
}

async function installPackages(packages: readonly string[]): Promise<void> {
  console.log(`Installing ${packages.join(', ')} with apt-get: not found here.`)
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
    const version = execFileSync(path, ['--version'], { stdio: 'pipe', timeout: 60_000 })
    return /\d+\.\d+\.\d+/.test(version.toString())
  } catch {
    return false
  }
}
