import { TransferMode } from '../../services/multiplayer-peer/packet.ts'
import type { HistoryLayer, SendEntry } from './history-entry.ts'

/**
 * How packets of a stream may arrive: `every`, the first, the second and so on; `ascending`, some may be missing; `any`. Reliable packets of the layer `api` ascend, for what a server passes
 * on to a client begins in the middle.
 */
export type OrderKind = 'every' | 'ascending' | 'any'

export function orderOf(mode: TransferMode, layer: HistoryLayer): OrderKind {
  if (mode === TransferMode.UNRELIABLE) return 'any'
  return mode === TransferMode.RELIABLE && layer === 'mesh' ? 'every' : 'ascending'
}

/** Which of the sent packets those are that arrived. */
export interface PacketMatch {
  /** For each that arrived, the place of its send; -1: none has its label. */
  readonly places: number[]
  /** How many of them came as they may. */
  readonly explained: number
}

/**
 * Finds the sends of packets that arrived. Where several have the same label, the first of them that makes the arrival legal is taken, so a packet is suspected only if no other explanation
 * is left.
 */
export function matchPackets(labels: readonly string[], sends: readonly SendEntry[], order: OrderKind): PacketMatch {
  const placesOf = new Map<string, number[]>()
  sends.forEach(({ packet }, place) => {
    const places = placesOf.get(packet)
    if (places === undefined) placesOf.set(packet, [place])
    else places.push(place)
  })
  const used = new Set<number>()
  let last = -1
  let explained = 0
  const places = labels.map((label) => {
    const candidates = placesOf.get(label) ?? []
    const legal = candidates.find((place) => !used.has(place) && isLegal(place, last, order))
    const place = legal ?? candidates.find((other) => !used.has(other)) ?? candidates[0] ?? -1
    if (legal !== undefined) explained++
    if (place >= 0) {
      used.add(place)
      last = order === 'any' ? last : place
    }
    return place
  })
  return { places, explained }
}

function isLegal(place: number, last: number, order: OrderKind): boolean {
  if (order === 'any') return true
  return order === 'every' ? place === last + 1 : place > last
}
