import { TransferMode } from '../../../services/multiplayer-peer/packet.ts'
import { packetStreams } from '../packet-streams.ts'
import type { Finding, Rule } from '../rule.ts'

/** Unreliable packets are lost or come once. */
export const unreliableOnce: Rule = {
  name: 'unreliable-once',
  demands: 'An unreliable packet comes once at most.',
  find: (entries) =>
    packetStreams(entries)
      .filter(({ deliveries: [first] }) => first?.entry.mode !== TransferMode.RELIABLE)
      .flatMap(({ on, layer, since, deliveries, places }) => {
        const seen = new Set<number>()
        return deliveries.flatMap(({ entry, index }, i): Finding[] => {
          const place = places[i] ?? -1
          if (place < 0 || !seen.has(place)) {
            seen.add(place)
            return []
          }
          const { at, from, packet, channel } = entry
          const message = `${on} (${layer}) got unreliable packet ${packet} of peer ${from} on channel ${channel} again`
          return [{ since, at, index, on, message }]
        })
      }),
}
