/**
 * `npm run circuits`: builds the circuits' artifacts into public/circuits and checks them (ZK-2).
 *
 *   --check   only compare the files at hand with circuits/artifacts.json
 *   --force   build again, although the sources are unchanged
 *   --ledger  only those that transactions carry proofs of, when their sources are unchanged
 *
 * A build of unchanged sources must give the files of circuits/artifacts.json byte for byte, else
 * this fails. Changed sources rewrite that file: commit it together with them.
 */

import { fileURLToPath } from 'node:url'
import { buildCircuits, buildSome } from '../circuits/setup/build.ts'
import {
  ceremonyEntries,
  changedCircuits,
  fileFaults,
  findFaults,
  readManifest,
  writeManifest,
} from '../circuits/setup/manifest.ts'
import { circuitNames, ledgerCircuits, paths } from '../circuits/setup/paths.ts'
import { commandLine } from './lib/commandLine.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const flag = { type: 'boolean', default: false } as const
const { values } = commandLine({ options: { check: flag, force: flag, ledger: flag } })

async function main(): Promise<number> {
  const committed = readManifest(root)
  if (values.check) {
    const faults =
      committed === undefined
        ? [`${paths.manifest} is missing`]
        : findFaults(root, paths.served, committed)
    for (const fault of faults) say(`circuits: ${fault}`)
    say(faults.length === 0 ? 'circuits: artifacts checked' : 'Run: npm run circuits')
    return faults.length === 0 ? 0 : 1
  }

  const options = { root, isForced: values.force, say }
  if (values.ledger && committed !== undefined && changedCircuits(root, committed).length === 0) {
    await buildSome(ledgerCircuits, committed, options)
    const wrong = ledgerCircuits.flatMap((name) => fileFaults(root, paths.served, committed, name))
    for (const fault of wrong) say(`circuits: ${fault}`)
    return wrong.length === 0 ? 0 : 1
  }

  const built = await buildCircuits(options)
  const same = circuitNames.filter(
    (name) => committed?.circuits[name].sourceHash === built.circuits[name].sourceHash,
  )
  const faults =
    committed === undefined
      ? []
      : same.flatMap((name) => fileFaults(root, paths.served, committed, name))
  for (const fault of faults) say(`circuits: ${fault}`)
  const ceremonies = ceremonyEntries(root)
  if (faults.length > 0 && ceremonies.size > 0) {
    say(`circuits: keys of ceremonies (${[...ceremonies.keys()].join(', ')}) are published, not`)
    say(`built: put their files into ${paths.served} (docs/guides/ceremony.md)`)
  }
  if (faults.length > 0) {
    say('circuits: this build differs from the committed one although the sources are the same')
    return 1
  }
  if (same.length === circuitNames.length) {
    const left = circuitNames.filter((name) => !ceremonies.has(name))
    say(`circuits: reproduced byte for byte; DEVELOPMENT keys of ${left.join(', ')}`)
    return 0
  }
  writeManifest(root, built)
  say(`circuits: new sources; ${paths.manifest} rewritten: commit it`)
  return 0
}

// snarkjs leaves its worker threads running.
process.exit(await main())
