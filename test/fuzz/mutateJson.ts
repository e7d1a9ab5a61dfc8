/** JSON that is nearly a good file: values of another kind, names that are missing or too many. */
import type { SeededRandom } from '../../sim/base/random.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const values: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  1e300,
  '',
  '0',
  '00',
  '-1',
  ' 1',
  '18446744073709551615',
  '18446744073709551616',
  'ff',
  'FF',
  'f',
  '0x00',
  'é',
  [],
  [[]],
  {},
  { length: 1 },
]
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '0', 'note']

/** One to three changes of the text of a file. */
export function mutatedJson(random: SeededRandom, text: Uint8Array): Uint8Array {
  let value = JSON.parse(new TextDecoder().decode(text)) as Json
  for (let count = 1 + random.below(3); count > 0; count -= 1) value = changed(random, value)
  const written = new TextEncoder().encode(JSON.stringify(value))
  return random.below(8) === 0 ? written.subarray(0, random.below(written.length)) : written
}

function changed(random: SeededRandom, value: Json): Json {
  if (typeof value !== 'object' || value === null || random.below(8) === 0) return drawn(random)
  if (Array.isArray(value)) {
    const list = value as readonly Json[]
    const at = random.below(list.length + 1)
    const item = list[at]
    return item === undefined ? [...list, drawn(random)] : list.with(at, changed(random, item))
  }
  const entries = Object.entries(value as Record<string, Json>)
  const at = random.below(entries.length)
  const entry = entries[at]
  const how = random.below(10)
  if (entry === undefined || how === 0) entries.push([random.pick(names), drawn(random)])
  else if (how === 1) entries.splice(at, 1)
  else entries[at] = [entry[0], changed(random, entry[1])]
  return Object.fromEntries(entries)
}

/** Now and then far deeper than anything reads. */
function drawn(random: SeededRandom): Json {
  if (random.below(20) > 0) return random.pick(values)
  let deep: Json = 1
  for (let depth = 0; depth < 2_000; depth += 1) deep = random.below(2) === 0 ? [deep] : { a: deep }
  return deep
}
