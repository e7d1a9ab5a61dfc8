/** What the test asks of the worker: each check gives what is not as it should be. */
import type { AccelerationFault, ProveRequest } from '../../../src/ports/prover.ts'
import { Gpu } from '../../../workers/prover/gpu/gpu.ts'
import { checkChoice, checkKeptKey } from './choiceChecks.ts'
import { checkBoth, checkFault, checkSilence, checkSoftware } from './faultChecks.ts'
import { checkField } from './fieldChecks.ts'
import { checkProof } from './proofChecks.ts'
import { checkLongSums, checkSums } from './sumChecks.ts'
import {
  checkThreadChoice,
  checkThreadFault,
  checkTwoThreads,
  type ThreadHarm,
} from './threadChecks.ts'
import { checkQuotient } from './transformChecks.ts'

export type Question =
  | { readonly kind: 'adapter' }
  | { readonly kind: 'field'; readonly field: 'fq' | 'fr' }
  | { readonly kind: 'quotient'; readonly size: number }
  | { readonly kind: 'sums'; readonly bits: number }
  | { readonly kind: 'long sums' }
  | { readonly kind: 'proof'; readonly request: ProveRequest }
  | { readonly kind: 'fault'; readonly fault: AccelerationFault; readonly request: ProveRequest }
  | { readonly kind: 'both'; readonly request: ProveRequest }
  | { readonly kind: 'silence' }
  | { readonly kind: 'software' }
  | { readonly kind: 'choice'; readonly request: ProveRequest }
  | { readonly kind: 'kept key'; readonly request: ProveRequest }
  | ThreadQuestion

/** Of the processor alone: no adapter is asked for. */
export type ThreadQuestion =
  | { readonly kind: 'two threads'; readonly isIsolated: boolean; readonly request: ProveRequest }
  | { readonly kind: 'thread fault'; readonly fault: ThreadHarm; readonly request: ProveRequest }
  | { readonly kind: 'thread choice'; readonly request: ProveRequest }

export interface Answer {
  readonly wrong: readonly string[]
}

let opened: ReturnType<typeof Gpu.open> | undefined

export async function answer(question: Question): Promise<Answer> {
  // What needs no adapter is answered without one.
  switch (question.kind) {
    case 'kept key':
      return { wrong: await checkKeptKey(question.request) }
    case 'two threads':
      return { wrong: await checkTwoThreads(question.request, question.isIsolated) }
    case 'thread fault':
      return { wrong: await checkThreadFault(question.fault, question.request) }
    case 'thread choice':
      return { wrong: await checkThreadChoice(question.request) }
    default:
      return answerByGpu(question)
  }
}

type GpuQuestion = Exclude<Question, ThreadQuestion | { readonly kind: 'kept key' }>

async function answerByGpu(question: GpuQuestion): Promise<Answer> {
  opened ??= Gpu.open({ allowsSoftware: true, silentMs: 120_000 })
  const gpu = await opened
  if (!gpu.ok) return { wrong: [gpu.error.code] }
  return { wrong: await check(gpu.value, question) }
}

async function check(gpu: Gpu, question: GpuQuestion): Promise<readonly string[]> {
  switch (question.kind) {
    case 'adapter':
      return []
    case 'field':
      return checkField(gpu, question.field)
    case 'quotient':
      return checkQuotient(gpu, question.size)
    case 'sums':
      return checkSums(gpu, question.bits)
    case 'long sums':
      return checkLongSums(gpu)
    case 'proof':
      return checkProof(question.request)
    case 'fault':
      return checkFault(question.fault, question.request)
    case 'both':
      return checkBoth(question.request)
    case 'silence':
      return checkSilence()
    case 'software':
      return checkSoftware()
    case 'choice':
      return checkChoice(question.request)
  }
}
