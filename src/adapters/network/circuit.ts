/** Listening through relays: how many, and a hold on the store that reserves them. */
import type { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { ReservationStore } from './reservations.ts'

type CircuitFactory = ReturnType<typeof circuitRelayTransport>

export interface Circuit {
  readonly transport: CircuitFactory
  /** Known once the host has been created. */
  store(): ReservationStore | undefined
}

/** One slot for each relay, three at most: more only costs relays memory. */
export function relaySlots(relays: number): readonly string[] {
  return Array.from({ length: Math.min(3, Math.max(1, relays)) }, () => '/p2p-circuit')
}

/** The transport keeps its reservation store to itself in the types, not at run time. */
export function withCircuitStore(factory: CircuitFactory): Circuit {
  let store: ReservationStore | undefined
  return {
    transport: (components) => {
      const transport = factory(components)
      if (hasStore(transport)) store = transport.reservationStore
      return transport
    },
    store: () => store,
  }
}

function hasStore(value: unknown): value is { readonly reservationStore: ReservationStore } {
  return typeof value === 'object' && value !== null && 'reservationStore' in value
}
