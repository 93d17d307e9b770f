import { TransferMode } from '../../../services/multiplayer-peer/packet.ts'
import type { DeliveryEntry, HistoryEntry, SendEntry } from '../history-entry.ts'
import { covers } from '../packet-streams.ts'
import { type Present, Presence } from '../presence.ts'
import type { Finding, Rule } from '../rule.ts'

/** Options of {@link reliableArrival}. */
export interface ReliableArrivalOptions {
  /** Milliseconds that a reliable packet may take at the end of a history. Default 15000: SCTP waits up to 10 s with its next retransmission (libdatachannel's setting). */
  arrivesWithin?: number
}

/** What is sent reliably arrives, where both sides are still connected at the end. */
export function reliableArrival({ arrivesWithin = 15_000 }: ReliableArrivalOptions = {}): Rule {
  return {
    name: 'reliable-arrival',
    demands: `A reliable packet that was sent ${arrivesWithin} ms ago has arrived, if both sides have known each other since.`,
    find: (entries) => {
      const closing = entries.findIndex(({ kind }) => kind === 'closing')
      const index = closing < 0 ? entries.length : closing
      const end = entries[Math.min(index, entries.length - 1)]?.at ?? 0
      return findAt(entries.slice(0, index), end, end - arrivesWithin, index)
    },
  }
}

/** What has not arrived at the end. */
function findAt(entries: readonly HistoryEntry[], at: number, before: number, index: number): Finding[] {
  const presence = new Presence()
  const arrived = new Set<string>()
  for (const entry of entries) {
    presence.take(entry)
    if (entry.kind === 'deliver') arrived.add(keyOf(entry, entry.from, entry.on))
  }
  return entries.flatMap((entry) => {
    if (entry.kind !== 'send' || entry.mode !== TransferMode.RELIABLE || entry.at > before) return []
    return receiversOf(entry, presence)
      .filter(({ since, present }) => entry.at > since && !arrived.has(keyOf(entry, entry.self, present.on)))
      .map(({ since, present: { on } }) => {
        const { self, packet, channel, at: sentAt } = entry
        const message = `${on} (${entry.layer}) has not got reliable packet ${packet} that peer ${self} sent on channel ${channel} at ${sentAt} ms`
        return { since, at, index, on, message }
      })
  })
}

/** Those who are to have a packet at the end, and since when both have known each other. */
function receiversOf(send: SendEntry, presence: Presence): { present: Present; since: number }[] {
  const { layer, on, self, to, connection } = send
  const sender = presence.get(layer, on)
  if (sender?.self !== self) return []
  return presence.of(layer).flatMap((present) => {
    const there = sender.known.get(present.self)
    const back = present.known.get(self)
    if (present.on === on || !covers(to, present.self) || there === undefined || back === undefined) return []
    // It went over a connection that has ended since.
    if (layer === 'mesh' && there.connection !== connection) return []
    return [{ present, since: Math.max(there.since, back.since) }]
  })
}

function keyOf({ layer, channel, mode, packet }: SendEntry | DeliveryEntry, from: number, receiver: string): string {
  return `${layer} ${from} ${receiver} ${channel} ${mode} ${packet}`
}
