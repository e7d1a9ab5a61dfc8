/** What reviewers of a test chain attest, and evidence against them. */
import { assert } from '../base/assert.ts'
import { EvidenceKind, ReviewedStatement, type Attest, type Evidence } from '../codec/chain.ts'
import { proofKeyBytes, readyStatement, type ReadyStatement } from './readyStatement.ts'
import { reviewedStatementOf } from './reviewedStatement.ts'
import { isDrawnReviewer } from './reviews.ts'
import { readSingle } from './state.ts'
import { epochRecord } from './tables.ts'
import { signed, unsigned, type TestChain } from './testChain.fixture.ts'
import { keysOf } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'

const none = new Uint8Array(0)

/** Of a transaction with a READY, on the chain's state. */
export function statementOf(chain: TestChain, { transaction }: DecodedTransaction): ReadyStatement {
  const { ready, sender } = transaction
  const statement = ready && readyStatement(chain.state, sender, ready)
  assert(statement?.ok === true, 'a test READY says something')
  return statement.value
}

export function attestOf(
  chain: TestChain,
  reviewer: number,
  ready: DecodedTransaction,
  change: Partial<Attest> = {},
): DecodedTransaction {
  const { proof } = ready.transaction.ready ?? { proof: none }
  const proofKey = proofKeyBytes(proof, statementOf(chain, ready))
  const epoch = readSingle(chain.state, epochRecord).epoch + 1
  const attest = { epoch, validator: ready.transaction.sender, proofKey, ...change }
  return signed(chain, keysOf(chain, reviewer), { attest })
}

/** Validators that are drawn for the READY of one of them. */
export function reviewersOf(chain: TestChain, index: number): readonly number[] {
  const validator = keysOf(chain, index).account
  return chain.keys.flatMap(({ account: reviewer }, other) =>
    isDrawnReviewer(chain.state, { validator, reviewer }) ? [other] : [],
  )
}

export function shownStatement(
  statement: ReadyStatement,
  change: Partial<ReviewedStatement> = {},
): Uint8Array {
  return ReviewedStatement.encode({
    ...reviewedStatementOf(statement),
    ...change,
  })
}

/** E9 against who signed `attest`, about the proof of a READY. */
export function falseReviewOf(
  chain: TestChain,
  attest: DecodedTransaction,
  ready: DecodedTransaction,
  change: Partial<Evidence> = {},
): DecodedTransaction {
  const evidence: Evidence = {
    kind: EvidenceKind.E9_FALSE_REVIEW,
    first: attest.bytes,
    second: ready.transaction.ready?.proof ?? none,
    statement: shownStatement(statementOf(chain, ready)),
    header: none,
    justification: none,
    parentHeader: none,
    ...change,
  }
  return unsigned(chain, { evidence })
}
