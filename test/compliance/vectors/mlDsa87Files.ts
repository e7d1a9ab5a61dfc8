/** Files of ML-DSA-87 (SIG-1, CKPT-1), which is used without a context and without pre-hashing. */

import { lower, stated, type Acvp, type Stated, type VectorFiles } from './stated.ts'

export const mlDsa87Files: VectorFiles = {
  'nist-acvp/ML-DSA-sigVer-FIPS204__internalProjection.json.gz': { read: sigVer, questions: 30 },
  'nist-acvp/ML-DSA-keyGen-FIPS204__internalProjection.json.gz': { read: keyGen, questions: 25 },
}

interface Group {
  readonly parameterSet: string
  readonly signatureInterface?: string
  readonly preHash?: string
}

function groupsOf<T>(text: string): Acvp<Group, T>['testGroups'] {
  const file = JSON.parse(text) as Acvp<Group, T>
  return file.testGroups.filter(({ parameterSet }) => parameterSet === 'ML-DSA-87')
}

interface SigVerTest {
  readonly testPassed: boolean
  readonly pk: string
  readonly message: string
  readonly context?: string
  readonly signature: string
}

/**
 * A signature with a context or of a hash is one for another use: here it counts as none. The inner
 * interface, which has no such mark, is for the unit test of `mlDsa87.ts`.
 */
function sigVer(text: string): readonly Stated[] {
  const external = groupsOf<SigVerTest>(text).filter(
    ({ signatureInterface }) => signatureInterface === 'external',
  )
  return external.flatMap(({ preHash, tests }) =>
    tests.map(({ signature, message, pk, context = '', testPassed }) => {
      const isValid = testPassed && preHash === 'pure' && context === ''
      return stated('mlDsa87', [signature, message, pk], String(isValid))
    }),
  )
}

function keyGen(text: string): readonly Stated[] {
  type Test = Readonly<Record<'seed' | 'pk' | 'sk', string>>
  return groupsOf<Test>(text).flatMap(({ tests }) =>
    tests.map(({ seed, pk, sk }) => stated('mlDsa87Keys', [seed], `${lower(pk)} ${lower(sk)}`)),
  )
}
