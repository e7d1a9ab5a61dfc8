/** Starts and kills a real relay process. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface RunningRelay {
  readonly peer: string
  readonly addresses: readonly string[]
  /** The WebSocket address, `/p2p/` included. */
  readonly wsAddress: string
  readonly wsPort: number
  /** SIGKILL: nothing is said to anyone. */
  kill(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

export async function startRelay(
  dataDir: string,
  port: number,
  chainId: string,
): Promise<RunningRelay> {
  const child = spawn(
    process.execPath,
    ['scripts/run.js', 'e2e/network/relayProcess.ts', dataDir, String(port), chainId],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const { peer, addresses } = await firstLine(child)
  const wsAddress = addresses.find((address) => address.includes('/ws'))
  const wsPort = Number(/\/tcp\/(\d+)\//.exec(wsAddress ?? '')?.[1])
  if (wsAddress === undefined) throw new Error('the relay listens on no WebSocket')
  return { peer, addresses, wsAddress, wsPort, kill: () => killed(child) }
}

async function firstLine(
  child: ChildProcess,
): Promise<{ readonly peer: string; readonly addresses: readonly string[] }> {
  if (child.stdout === null) throw new Error('no output to read')
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line) as { peer: string; addresses: string[] }
  }
  throw new Error('the relay ended before it was ready')
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve()
      return
    }
    child.once('exit', () => {
      resolve()
    })
    child.kill('SIGKILL')
  })
}
