/** The platform's cryptographically secure generator (RAND-1), implemented only in adapters. */
export interface Random {
  bytes(length: number): Uint8Array
}
