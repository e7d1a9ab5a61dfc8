/** What no text may hold: a hash domain twice, a path of one machine, a file that is gone. */

import { isProduct, isTest, type SourceFile } from './files.ts'

const domain = /(?<=['"`])emotionalchain\/v\d+\/[a-z0-9/-]+(?=['"`])/g
const machinePath = /(?<![\w.~@/:$}-])\/(home|root|work|Users)\/[\w.-]+/

/** HASH-1: one context string for each use, written once and imported from there. */
export function domainFaults(files: readonly SourceFile[]): readonly string[] {
  const seen = new Map<string, string>()
  const faults: string[] = []
  for (const { path, text } of files.filter(isProduct)) {
    for (const [name] of text.matchAll(domain)) {
      const first = seen.get(name)
      if (first === undefined) seen.set(name, path)
      else faults.push(`${path}: hash domain ${name} is also in ${first}. Import it or rename it.`)
    }
  }
  return faults
}

const comment = /^\s*(?:\*|\/\/|\/\*\*)/
const citedFile = /[\w./-]*\w\.(?:ts|js|mjs|md)\b/g

/** What comments of the simulator cite exists: by its path from the root, or the end of one. */
export function citationFaults(files: readonly SourceFile[]): readonly string[] {
  const known = files.map(({ path }) => `/${path}`)
  return files
    .filter(({ path }) => path.startsWith('sim/') || path === 'scripts/sim.ts')
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        if (!comment.test(line)) return []
        const cited = [...line.matchAll(citedFile)].map(([name]) => name)
        return cited
          .filter((name) => !known.some((one) => one.endsWith(`/${name}`)))
          .map((name) => `${path}:${String(index + 1)}: there is no file ${name}. Name another.`)
      }),
    )
}

export function machineFaults(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter((file) => !(isTest(file) && file.path.startsWith('test/tidy')))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const found = machinePath.exec(line)?.[0]
        if (found === undefined) return []
        return [
          `${path}:${String(index + 1)}: ${found} exists on one machine. ` +
            'Use a path relative to the project, os.tmpdir() or os.homedir().',
        ]
      }),
    )
}
