/** Where the archive's database is (ARC-1): the embedded PostgreSQL or one given by URL. */

import type { Result } from '../../src/core/base/result.ts'
import type { Failure } from '../failure.ts'

/** What `pg` connects with. */
export type ConnectionOptions =
  | {
      readonly host: string
      readonly port: number
      readonly user: string
      readonly database: string
    }
  | { readonly connectionString: string }

export interface DatabaseSource {
  readonly kind: 'embedded' | 'external'
  /**
   * Starts the database when it is ours and does not run; asked again after each lost connection.
   */
  connection(): Promise<Result<ConnectionOptions, Failure>>
  stop(): Promise<void>
}

export function makeExternalDatabase(connectionString: string): DatabaseSource {
  return {
    kind: 'external',
    connection: () => Promise.resolve({ ok: true, value: { connectionString } }),
    stop: () => Promise.resolve(),
  }
}
