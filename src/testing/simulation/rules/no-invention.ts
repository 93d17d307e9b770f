import { packetStreams } from '../packet-streams.ts'
import type { Finding, Rule } from '../rule.ts'

/** Nothing comes from nothing. */
export const noInvention: Rule = {
  name: 'no-invention',
  demands:
    'A packet that arrives was sent before, by that peer, over that connection, on that channel and in that mode.',
  find: (entries) =>
    packetStreams(entries).flatMap(({ on, layer, since, deliveries, sends, places }) =>
      deliveries.flatMap(({ entry, index }, i): Finding[] => {
        const place = places[i] ?? -1
        const sentAt = sends[place]?.at
        if (sentAt !== undefined && sentAt <= entry.at) return []
        const { at, from, packet, channel } = entry
        const what = sentAt === undefined ? 'sent nothing like it there' : `sent it at ${sentAt} ms, which is later`
        const message = `${on} (${layer}) got ${packet} of peer ${from} on channel ${channel}; that peer ${what}`
        return [{ since, at, index, on, message }]
      }),
    ),
}
