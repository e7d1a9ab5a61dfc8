/**
 * Properties try the same few cases on every mutant, so that a verdict can be repeated, and stop at
 * the first that fails: making it small would run the mutant hundreds of times more. Fewer cases
 * than in a run of the tests find fewer mutants, never more.
 */
import fc from 'fast-check'

fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true, numRuns: 25, seed: 2026 })
