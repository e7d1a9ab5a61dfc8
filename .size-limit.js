/**
 * Size budgets, gzipped. The first view is what index.html makes the browser fetch before it shows
 * anything: the page, its scripts with their static imports, its styles. The rest is loaded lazily.
 */

import { readFileSync } from 'node:fs'

const page = readFileSync('dist/web/index.html', 'utf8')
const firstView = [...page.matchAll(/<(?:script|link)\b[^>]*>/g)]
  .map(([tag]) => tag)
  .filter((tag) => /<script\b|rel="(?:modulepreload|preload|stylesheet)"/.test(tag))
  .flatMap((tag) => /(?:src|href)="\/?([^"]+)"/.exec(tag)?.[1] ?? [])
  .filter((path) => !path.includes('://'))

export default [
  {
    name: 'first view',
    path: ['dist/web/index.html', ...firstView.map((path) => `dist/web/${path}`)],
    limit: '150 kB',
    gzip: true,
  },
]
