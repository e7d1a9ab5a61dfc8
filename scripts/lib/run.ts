/** Runs a command: with inherited output, or with collected output for a report at its end. */

import { spawn } from 'node:child_process'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly quiet?: boolean
  readonly cwd?: string
}

export interface Run {
  readonly code: number
  readonly output: string
}

/** Resolves with the exit code whatever it is; 127 when there is no such command. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: withLocalTools(options.env ?? process.env),
      stdio: options.quiet === true ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    })
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (error) => settle({ code: 127, output: error.message }))
    child.on('close', (code) => {
      settle({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') })
    })
  })
}

/** Runs a script of this project in its own process. */
export function runScript(
  file: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<Run> {
  return run(process.execPath, [join(root, 'scripts/run.js'), join(root, file), ...args], options)
}

function withLocalTools(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const bin = join(root, 'node_modules/.bin')
  return { ...env, PATH: `${bin}${delimiter}${env['PATH'] ?? ''}` }
}
