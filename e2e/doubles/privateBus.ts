/**
 * A D-Bus system bus of our own, so that Chromium's real Bluetooth stack can talk to a double of
 * BlueZ instead of the machine's: start Chromium with `DBUS_SYSTEM_BUS_ADDRESS` set to its address.
 */

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface PrivateBus {
  readonly address: string
  stop(): void
}

export function hasBusDaemon(): boolean {
  return spawnSync('dbus-daemon', ['--version']).status === 0
}

const startTimeoutMs = 5000

export async function startPrivateBus(): Promise<PrivateBus> {
  const folder = mkdtempSync(join(tmpdir(), 'emo-bus-'))
  const socket = join(folder, 'bus.sock')
  const configuration = join(folder, 'bus.conf')
  writeFileSync(configuration, busConfiguration(socket))
  const daemon = spawn(
    'dbus-daemon',
    ['--nofork', '--nopidfile', `--config-file=${configuration}`],
    { stdio: 'ignore' },
  )
  const stop = (): void => {
    daemon.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  for (let waitedMs = 0; !existsSync(socket); waitedMs += 20) {
    if (waitedMs > startTimeoutMs || daemon.exitCode !== null) {
      stop()
      throw new Error('dbus-daemon did not open its socket')
    }
    await sleep(20)
  }
  return { address: `unix:path=${socket}`, stop }
}

function busConfiguration(socket: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="*" eavesdrop="false"/>
  </policy>
</busconfig>
`
}
