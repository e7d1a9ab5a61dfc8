/** Starts a program as the account that PostgreSQL runs under (ARC-1). */

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import type { Account } from './account.ts'

export interface Command {
  readonly program: string
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

export interface Finished {
  /** `undefined` when it could not be started or was killed. */
  readonly exitCode: number | undefined
  readonly output: string
}

const outputCharactersMax = 8_000

export function launch(
  account: Account,
  command: Command,
  options: { readonly stdio: StdioOptions; readonly detached: boolean },
): ChildProcess {
  const line =
    account.kind === 'namespace'
      ? [...account.prefix, command.program, ...command.words]
      : [command.program, ...command.words]
  const [program = command.program, ...words] = line
  return spawn(program, words, {
    ...options,
    // A directory that every account may enter.
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', ...command.environment },
    ...(account.kind === 'service' ? { uid: account.uid, gid: account.gid } : {}),
  })
}

/** Runs it to its end; what it prints is kept up to a bound. */
export async function runToEnd(account: Account, command: Command): Promise<Finished> {
  return await new Promise((resolve) => {
    const child = launch(account, command, { stdio: ['ignore', 'pipe', 'pipe'], detached: false })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-outputCharactersMax)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('error', (thrown) => {
      resolve({ exitCode: undefined, output: thrown.message })
    })
    child.once('close', (exitCode) => {
      resolve({ exitCode: exitCode ?? undefined, output })
    })
  })
}
