import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './run.ts'
import { helpOf } from './commandLine.ts'

function run(script: string, ...args: readonly string[]) {
  const command = [join(root, 'scripts/run.js'), join(root, script), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('the command line of a script', () => {
  it('--help prints the text at the top of the file', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = run('scripts/sim.ts', '--help')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^`npm run sim`: the agreement in a simulated network/)
    expect(stdout).toContain('\n  --scenario NAME ')
    expect(stdout).not.toContain('*')
  })

  it.each([
    ['--nonsense', 'OPTION_INVALID', "Unknown option '--nonsense'"],
    ['--seeds', 'OPTION_INVALID', "'--seeds <value>' argument missing"],
    ['word', 'OPTION_INVALID', "Unexpected argument 'word'"],
    ['--seconds=2', 'OPTION_VALUE', '--seconds takes a whole number from 3 to 3600, not "2"'],
    ['--draws=1e2', 'OPTION_VALUE', '--draws takes a whole number'],
    ['--regions=mars', 'OPTION_VALUE', '--regions takes ten, eu-us, one'],
    ['--scenario=none', 'OPTION_VALUE', 'There is no scenario none. Known are:'],
  ])('refuses %s with a code and what to do', { timeout: 60_000 }, (argument, code, text) => {
    const { status, stdout, stderr } = run('scripts/sim.ts', argument)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^${code}: `))
    expect(stderr).toContain(text)
    expect(stderr).not.toMatch(/^ +at /m)
  })
})

describe('helpOf', () => {
  it('takes the marks of a comment away and nothing else', () => {
    const source = "import 'x'\n/**\n * One.\n *\n *   --two   2 * 2\n */\nconst x = 1\n"
    expect(helpOf(source)).toBe('One.\n\n  --two   2 * 2\n')
    expect(helpOf('/** One line. */\nx')).toBe('One line.\n')
  })
})
