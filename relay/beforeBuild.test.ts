/** What `node relay` says before it builds: in a copy of the sources, where nothing is built. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { helpText } from './config.ts'
import { projectRoot } from './root.ts'

const folder = mkdtempSync(join(tmpdir(), 'emo-before-build-'))

beforeAll(() => {
  mkdirSync(join(folder, 'src/core'), { recursive: true })
  for (const path of ['relay', 'src/core/base', 'package.json']) {
    cpSync(join(projectRoot, path), join(folder, path), { recursive: true })
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(...words: readonly string[]) {
  return spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', timeout: 60_000 })
}

describe('OPS-7 before anything is built', () => {
  it('prints the help and the version', () => {
    expect(run('relay', '--help')).toMatchObject({ status: 0, stdout: helpText(), stderr: '' })
    const text = readFileSync(join(projectRoot, 'package.json'), 'utf8')
    const { version } = JSON.parse(text) as { readonly version: string }
    const shown = { status: 0, stdout: `${version}\n`, stderr: '' }
    expect(run('relay', '--version')).toMatchObject(shown)
    expect(run('relay/validator.js', '--help')).toMatchObject({ status: 0, stderr: '' })
  }, 120_000)

  it('refuses what it does not understand', () => {
    const relay = run('relay', '--prot', '1')
    expect(relay).toMatchObject({ status: 2, stdout: '' })
    expect(relay.stderr).toMatch(/^--prot is not a flag.*\n.*\(FLAG_UNKNOWN\)\n$/)
    expect(run('relay', '--port', '70000').stderr).toMatch(/^--port 70000 cannot be used/)
    const validator = run('relay/validator.js', '--indx', '1')
    expect(validator).toMatchObject({ status: 1, stdout: '' })
    expect(validator.stderr).toMatch(/^Unknown option '--indx'.*\n.*\(FLAG_UNKNOWN\)\n$/)
  }, 120_000)

  it('builds where the flags are right', () => {
    for (const program of ['relay', 'relay/validator.js']) {
      const { status, stderr } = run(program)
      expect(stderr).toMatch(/^Building the relay and the page …\n/)
      // The copy has nothing to build with.
      expect(status).toBe(1)
    }
  }, 120_000)
})
