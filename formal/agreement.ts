/** The agreement as the product has it, for `viewByView.ts`. */
import { certificatesOf } from './certificates.ts'
import type { Rules, Seats } from './rules.ts'
import { crashMoves, signable, signed, type Scene, type SeatState } from './seat.ts'
import { bitName, skipBit } from './votes.ts'
import type { Protocol } from './viewByView.ts'

export function agreement(options: {
  readonly seats: Seats
  readonly rules: Rules
  /** Signing, writing and sending are three steps, and a seat may crash between them. */
  readonly crashes?: boolean
  /** With more faulty seats than tolerated no view has to end. */
  readonly mayStop?: boolean
}): Protocol {
  const { seats, rules, crashes = false, mayStop = false } = options
  return {
    seats,
    rules,
    severalCertified: false,
    certify: (layout, wires) => certificatesOf(layout, wires, { seats, rules }),
    detail: () => '',
    moves: (seat, scene) => {
      const votes = signable(seat, scene, rules).map((bit) => {
        const label = bitName(scene.layout, bit, scene.names)
        if (!crashes) return { label, next: signed(seat, bit) }
        return { label: `sign ${label}`, next: { ...seat, memory: seat.memory | bit } }
      })
      return crashes ? [...votes, ...crashMoves(seat, scene, rules)] : votes
    },
    deadEnd: (scene, honest) => (mayStop ? undefined : deadEnd(scene, honest, { seats, rules })),
  }
}

/** A certificate that exists ends the view, whoever signed it; else all who may SKIP do. */
function deadEnd(
  scene: Scene,
  honest: readonly SeatState[],
  options: { readonly seats: Seats; readonly rules: Rules },
): string | undefined {
  if (scene.here.certified !== 0 || scene.here.skipped) return undefined
  const skip = skipBit(scene.layout)
  const able = honest.filter(
    (seat) => (seat.memory & skip) !== 0 || signable(seat, scene, options.rules).includes(skip),
  )
  if (options.seats.reaches[able.length] === true) return undefined
  return `view ${scene.layout.view} cannot end`
}
