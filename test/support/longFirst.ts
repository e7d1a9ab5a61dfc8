/** The order of the unit tests: long files begin first, so that no core idles at the end. */

import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** More than 25 s each; those that wait for epochs of a network before those that compute. */
const long = [
  'src/node/checkpointSubnets.test.ts',
  'src/node/stakeRestartByzantine.test.ts',
  'src/node/stakeRestart.test.ts',
  'src/node/sharing/sharing.test.ts',
  'src/node/scoreMode.test.ts',
  'src/node/unbonded.test.ts',
  'src/node/executesFirst.test.ts',
  'src/node/retention.test.ts',
  'src/node/checkpointStart.test.ts',
  'src/node/checkpoints.test.ts',
  'relay/devnet/restartChain.test.ts',
  'src/node/keepAll.test.ts',
  'relay/archive/claims.test.ts',
  'src/node/liveness.test.ts',
  'relay/relay.test.ts',
  'src/node/syncDriver.test.ts',
  'src/node/snapshotSync.test.ts',
  'sim/scenarios/scenarios.test.ts',
  'circuits/tests/soundness.test.ts',
  'sim/failingSeeds.test.ts',
  'circuits/tests/twoHearts.test.ts',
  'test/compliance/vectors/vectorFiles.test.ts',
]

export class LongFirst extends BaseSequencer {
  /** Without durations of an earlier run, which a fresh clone lacks, vitest goes by sizes. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config
    const gone = long.filter((path) => !existsSync(join(root, path)))
    if (gone.length > 0)
      throw new Error(`longFirst.ts names ${gone.join(', ')}: not there any more`)
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.indexOf(relative(root, moduleId))
      return at < 0 ? long.length : at
    }
    const sorted = await super.sort(files)
    return sorted.toSorted((left, right) => rank(left) - rank(right))
  }
}
