/** What no text of the project may hold: a hash domain twice, or a path of somebody's machine. */

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
