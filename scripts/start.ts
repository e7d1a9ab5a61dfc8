/**
 * `npm start`: a devnet on this machine. Prepares what is missing (circuits, page, relay), starts
 * the relay with its archive and the rehearsal validators, and prints the URL.
 *
 *   --fresh          a new chain; the old one's data is moved aside
 *   --port N         page and API (default 4700); the next two ports serve libp2p
 *   --validators N   rehearsal validators (default 4)
 *   --data FOLDER    where the devnet lives (default .emo/devnet)
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createDevnet } from '../relay/devnet/createDevnet.ts'
import { devnetLayout } from '../relay/devnet/layout.ts'
import { checkTcpPort, checkUdpPort } from '../relay/freePort.ts'
import { commandLine, wholeNumber } from './lib/commandLine.ts'
import { Processes } from './lib/processes.ts'
import { servePreparation } from './lib/preparation.ts'
import { root } from './lib/run.ts'

const { values } = commandLine({
  options: {
    fresh: { type: 'boolean', default: false },
    port: { type: 'string', default: '4700' },
    validators: { type: 'string', default: '4' },
    data: { type: 'string', default: '.emo/devnet' },
  },
})

/** Time for the validators to start before the first epoch does. */
const headStartMs = 12_000

const port = Number(values.port)
const validators = wholeNumber('validators', values.validators, { least: 1, most: 63 })
const url = `http://localhost:${String(port)}/`
const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const folder = resolve(root, values.data)
  const taken = await portInUse()
  if (taken !== undefined) stopWith(taken)
  const processes = new Processes()
  const preparation = await servePreparation(port)
  if (preparation === undefined) {
    stopWith({ code: 'PORT_IN_USE', message: `Port ${values.port} is used by another program.` })
  }
  say(`EmotionalChain devnet: ${url}`)
  say('Preparing; the page shows how far it is.')
  const buildSteps = [
    processes.step('scripts/circuits.ts', ['--ledger'], (line) => {
      preparation.note('Circuits', line)
    }),
    processes.step('scripts/build.ts', ['--if-stale'], (line) => {
      preparation.note('Page and relay', line)
    }),
  ]
  for (const code of await Promise.all(buildSteps)) {
    if (code !== 0) process.exit(code)
  }
  preparation.note('Chain', 'making keys and genesis')
  const isNew = await prepareChain(folder)
  preparation.note('Relay', 'starting the archive')
  await preparation.close()
  await startRelay(folder, processes)
  const relays = await bootstrapAddresses()
  for (let index = 0; index < validators; index += 1) {
    processes.startValidator({ folder, index, relays })
  }
  say(
    `${isNew ? 'A new chain starts' : 'The chain goes on'} with ${values.validators} rehearsal ` +
      'validators (simulated hearts).',
  )
  say(`Open ${url}`)
  say('Ctrl-C stops everything; the next start continues the same chain.')
}

/** All three ports before the minute of building, and not after it. */
async function portInUse(): Promise<Refusal | undefined> {
  if (!Number.isInteger(port) || port < 1 || port > 65_533) {
    return { code: 'FLAG_INVALID', message: `--port ${values.port} is no port from 1 to 65533.` }
  }
  const host = '127.0.0.1'
  const checks = [
    await checkTcpPort(host, port, '--port'),
    await checkTcpPort(host, port + 1, '--port'),
    await checkUdpPort(host, port + 2, '--port'),
  ]
  return checks.find((check) => !check.ok)?.error
}

interface Refusal {
  readonly code: string
  readonly message: string
}

function stopWith({ code, message }: Refusal): never {
  const from = port >= 1 && port < 65_000 ? port + 100 : 4800
  process.stderr.write(
    `${message}\nA devnet takes three ports in a row, from --port on (default 4700). Stop that ` +
      `program (\`ss -lntup\` names it), or: npm start -- --port ${String(from)} (${code})\n`,
  )
  process.exit(1)
}

/** Whether the chain is new. */
async function prepareChain(folder: string): Promise<boolean> {
  const { genesis } = devnetLayout(folder)
  if (values.fresh && existsSync(folder)) {
    const aside = `${folder}.${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    await rename(folder, aside)
    say(`The old chain's data is in ${aside}.`)
  }
  if (existsSync(genesis)) {
    await readFile(genesis, 'utf8')
    return false
  }
  await mkdir(folder, { recursive: true })
  const startMs = Date.now() + headStartMs
  await createDevnet({ folder, validators: Number(values.validators), startMs })
  return true
}

async function startRelay(folder: string, processes: Processes): Promise<void> {
  const { genesis, relay, faucetKey } = devnetLayout(folder)
  const [webSocketPort, webRtcPort] = [port + 1, port + 2]
  processes.startRelay([
    ...['--port', String(port), '--p2p-port', String(webSocketPort)],
    ...['--webrtc-port', String(webRtcPort), '--data', relay, '--genesis', genesis],
    ...['--faucet-key', faucetKey, '--log-level', 'warn'],
  ])
  await untilAnswers(`${url}bootstrap.json`)
}

async function bootstrapAddresses(): Promise<readonly string[]> {
  const answer = await fetch(`${url}bootstrap.json`)
  const { relays } = (await answer.json()) as { readonly relays: readonly string[] }
  return relays
}

async function untilAnswers(address: string): Promise<void> {
  const endMs = Date.now() + 120_000
  for (;;) {
    const answer = await fetch(address).catch(() => undefined)
    if (answer?.ok === true) return
    if (Date.now() > endMs) throw new Error(`${address} did not answer within two minutes`)
    await new Promise((done) => setTimeout(done, 200))
  }
}

await main()
