/**
 * Test program: starts the embedded database in the directory it is given, says how to connect in a
 * line of JSON, and holds it until its input ends or it is killed.
 */

import { makeEmbeddedPostgres } from './embedded.ts'

const [, , data = '', mode] = process.argv
const source = makeEmbeddedPostgres({ data, forceServiceUser: mode === 'service' })
const connection = await source.connection()
process.stdout.write(`${JSON.stringify(connection)}\n`)
process.stdin.resume()
process.stdin.once('end', () => {
  void source.stop()
})
