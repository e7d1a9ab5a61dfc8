/**
 * `node scripts/run.js scripts/codebook.ts`: makes the codebooks of LIVE-1 anew and writes them.
 *
 *   --check   write nothing, and fail when the files differ from what is made
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { bookPlans, buildCodebook } from './codebook/build.ts'
import { modulePath, moduleText, pagePath, pageText } from './codebook/texts.ts'

const [flag, ...more] = process.argv.slice(2)

function main(): number {
  if (more.length > 0 || (flag !== undefined && flag !== '--check')) {
    console.error('There is only --check.')
    return 2
  }
  const books = bookPlans.map((plan) => buildCodebook(plan))
  const complete = books.filter((book) => book !== undefined)
  if (complete.length < books.length) {
    console.error('A seed gives too few codewords: choose another in scripts/codebook/build.ts.')
    return 1
  }
  const files = [
    { path: modulePath, text: moduleText(complete) },
    { path: pagePath, text: pageText(bookPlans, complete) },
  ].map(({ path, text }) => ({ url: new URL(`../${path}`, import.meta.url), path, text }))
  if (flag === undefined) {
    for (const { url, path, text } of files) {
      writeFileSync(url, text)
      console.log(`codebook: ${path} written`)
    }
    return 0
  }
  const stale = files.filter(({ url, text }) => readFileSync(url, 'utf8') !== text)
  for (const { path } of stale) console.error(`codebook: ${path} is not what the script makes`)
  return stale.length === 0 ? 0 : 1
}

process.exitCode = main()
