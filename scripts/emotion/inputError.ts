/** What is wrong with a file that was given, where, and what to do about it. */

export type InputCode =
  | 'FILE_MISSING'
  | 'FILE_TOO_LARGE'
  | 'FILE_EMPTY'
  | 'FILE_BINARY'
  | 'COLUMN_UNKNOWN'
  | 'COLUMN_COUNT'
  | 'NOT_A_NUMBER'
  | 'UNIT_WRONG'
  | 'TIME_WRONG'
  | 'TOO_SHORT'

export class InputError extends Error {
  readonly code: InputCode
  /** From 1; undefined where the whole file is meant. */
  readonly line: number | undefined

  constructor(code: InputCode, message: string, line?: number) {
    super(message)
    this.code = code
    this.line = line
  }
}
