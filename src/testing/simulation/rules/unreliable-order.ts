import { TransferMode } from '../../../services/multiplayer-peer/packet.ts'
import { packetStreams } from '../packet-streams.ts'
import type { Finding, Rule } from '../rule.ts'

/** Ordered packets never go backwards. */
export const unreliableOrder: Rule = {
  name: 'unreliable-order',
  demands: 'Of unreliable ordered packets none comes after one that was sent later.',
  find: (entries) =>
    packetStreams(entries)
      .filter(({ deliveries: [first] }) => first?.entry.mode === TransferMode.UNRELIABLE_ORDERED)
      .flatMap(({ on, layer, since, deliveries, sends, places }) => {
        let last = -1
        return deliveries.flatMap(({ entry, index }, i): Finding[] => {
          const place = places[i] ?? -1
          if (place < 0 || place >= last) {
            last = Math.max(last, place)
            return []
          }
          const { at, from, packet, channel } = entry
          const later = sends[last]?.packet ?? ''
          const message = `${on} (${layer}) got ordered packet ${packet} of peer ${from} on channel ${channel} after ${later}, which was sent later`
          return [{ since, at, index, on, message }]
        })
      }),
}
