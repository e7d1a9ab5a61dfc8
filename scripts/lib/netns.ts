/**
 * A routed interface for WebRTC. Chromium offers no candidate on the loopback interface, and none
 * at all without a default route; where the machine has no route, a command runs in a network
 * namespace that has one: a veth pair with both ends inside, which carries nothing to the outside.
 */

import { readFileSync } from 'node:fs'
import { findOnPath } from './find.ts'
import { run } from './run.ts'

export interface Command {
  readonly command: string
  readonly args: readonly string[]
}

const address = '10.213.7.1'
const gateway = '10.213.7.2'

// veth was seen to work; `dummy`, where the kernel has no veth, was not tried.
const setUp = `
set -e
"$IP" link set lo up
"$IP" link add emo0 type veth peer name emo1 || "$IP" link add emo0 type dummy
"$IP" address add ${address}/24 dev emo0
"$IP" link set emo0 up
"$IP" link set emo1 up 2>/dev/null || true
"$IP" route add default via ${gateway} dev emo0
exec "$@"
`

export function hasDefaultRoute(): boolean {
  const rows = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1)
  return rows.some((row) => row.split('\t')[1] === '00000000')
}

/** `command` as it must be called so that it finds a routed interface. */
export async function withRoute(command: Command, toolFolder?: string): Promise<Command> {
  if (hasDefaultRoute()) return command
  const ip = findOnPath('ip') ?? (toolFolder === undefined ? undefined : `${toolFolder}/ip`)
  if (ip === undefined) {
    throw new Error('No default route, and no `ip` to make one: install iproute2.')
  }
  // As an ordinary user: the same user inside, with the capabilities that set the interface up.
  const ways = [['--net'], ['--user', '--map-current-user', '--keep-caps', '--net']]
  const failures: string[] = []
  for (const way of ways) {
    const prefix = [...way, 'env', `IP=${ip}`, 'sh', '-c', setUp, 'sh']
    const { code, output } = await run('unshare', [...prefix, 'true'], { quiet: true })
    if (code === 0)
      return { command: 'unshare', args: [...prefix, command.command, ...command.args] }
    failures.push(output.trim())
  }
  throw new Error(
    'WebRTC needs a default route. There is none, and no namespace with one can be made:\n' +
      `${failures.join('\n')}\nGive the machine a default route, or allow user namespaces.`,
  )
}
