/**
 * Size budgets, gzipped. The first view is what index.html makes the browser fetch before it shows
 * anything: the page, its scripts with their static imports, its styles. The rest is loaded lazily:
 * a part is its chunks with what they import and what the first view has not brought yet.
 */

import { readdirSync, readFileSync } from 'node:fs'

const page = readFileSync('dist/web/index.html', 'utf8')
const firstView = [...page.matchAll(/<(?:script|link)\b[^>]*>/g)]
  .map(([tag]) => tag)
  .filter((tag) => /<script\b|rel="(?:modulepreload|preload|stylesheet)"/.test(tag))
  .flatMap((tag) => /(?:src|href)="\/?([^"]+)"/.exec(tag)?.[1] ?? [])
  .filter((path) => !path.includes('://'))

const folder = 'dist/web/assets'
const files = readdirSync(folder).filter((file) => !/\.(br|gz)$/.test(file))
const shown = new Set(firstView.map((path) => path.split('/').at(-1)))

/** Chunks by patterns that name one file each, with their static imports. */
function part(...patterns) {
  const found = new Set()
  const add = (file) => {
    if (found.has(file) || shown.has(file)) return
    found.add(file)
    if (!file.endsWith('.js')) return
    const code = readFileSync(`${folder}/${file}`, 'utf8')
    for (const [, imported] of code.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) add(imported)
  }
  for (const pattern of patterns) {
    const matching = files.filter((file) => pattern.test(file))
    if (matching.length !== 1) throw new Error(`${folder} has ${matching.length} files ${pattern}`)
    add(matching[0])
  }
  return [...found].map((file) => `${folder}/${file}`)
}

/** Workers all have the same name: one is known by a text that only it has. */
function worker(text) {
  const workers = files.filter((file) => /^worker-.*\.js$/.test(file))
  const matching = workers.filter((file) =>
    readFileSync(`${folder}/${file}`, 'utf8').includes(text),
  )
  if (matching.length !== 1)
    throw new Error(`${folder} has ${matching.length} workers with ${text}`)
  return matching.map((file) => `${folder}/${file}`)
}

export default [
  {
    name: 'first view',
    path: ['dist/web/index.html', ...firstView.map((path) => `dist/web/${path}`)],
    limit: '150 kB',
    gzip: true,
  },
  {
    name: 'block verifier',
    path: part(/^blockReader-/, /^blsWasm-/, /^bls-.*\.wasm$/),
    limit: '220 kB',
    gzip: true,
  },
  { name: 'prover', path: worker('emotional_proof.zkey'), limit: '32 kB', gzip: true },
  { name: 'network', path: part(/^tabNode-/), limit: '230 kB', gzip: true },
]
