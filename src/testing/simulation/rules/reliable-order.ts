import { TransferMode } from '../../../services/multiplayer-peer/packet.ts'
import { packetStreams, type PacketStream } from '../packet-streams.ts'
import type { Finding, Rule } from '../rule.ts'

/** Reliable packets come exactly once and in order, as long as the connection lives. */
export const reliableOrder: Rule = {
  name: 'reliable-order',
  demands:
    'While a connection lives, reliable packets of a sender come once each, in the order in which they were sent on that channel, without a gap; through a server, from any of them on.',
  find: (entries) =>
    packetStreams(entries)
      .filter(({ deliveries: [first] }) => first?.entry.mode === TransferMode.RELIABLE)
      .flatMap(findIn),
}

function findIn({ on, layer, since, deliveries, sends, places }: PacketStream): Finding[] {
  const findings: Finding[] = []
  let last = -1
  deliveries.forEach(({ entry, index }, i) => {
    const place = places[i] ?? -1
    if (place < 0) return
    const skipped = layer === 'mesh' ? last + 1 : firstDue(sends, last, place)
    const previous = last
    last = Math.max(last, place)
    if (place > previous && place === skipped) return
    const { at, from, packet, channel } = entry
    const why =
      place > previous
        ? `${place - skipped} that were sent before it are missing, the first of them ${sends[skipped]?.packet ?? ''}`
        : `${sends[previous]?.packet ?? ''}, which was sent ${place === previous ? 'once' : 'later'}, had come before`
    const message = `${on} (${layer}) got reliable packet ${packet} of peer ${from} on channel ${channel}, but ${why}`
    findings.push({ since, at, index, on, message })
  })
  return findings
}

/** The place that is due after another one: the next in the same session of the sender, whatever begins a later one, or the receiver's part of it. */
function firstDue(sends: PacketStream['sends'], last: number, place: number): number {
  const isContinued = last >= 0 && sends[last]?.connection === sends[place]?.connection
  return isContinued ? last + 1 : place
}
