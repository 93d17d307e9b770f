import { DEMO_CHANNELS } from './channels.ts'
import type { ChannelCounters, PeerReport } from './messages.ts'

/** Packets and bytes per second of one channel, over all connections of a peer. */
export type ChannelRates = ChannelCounters

export const NO_RATES: ChannelRates = { sentPackets: 0, sentBytes: 0, receivedPackets: 0, receivedBytes: 0 }

/** What passed on each channel between two reports of a peer, per second. A connection that is gone no longer counts. */
export function ratesBetween(before: PeerReport | null, after: PeerReport): ChannelRates[] {
  const seconds = before === null ? 0 : (after.at - before.at) / 1000
  return DEMO_CHANNELS.map((_, index) => {
    if (before === null || seconds <= 0) return NO_RATES
    const differences = after.connections.map(({ peer, channels }) => {
      const old = before.connections.find((connection) => connection.peer === peer)?.channels[index] ?? NO_RATES
      return subtract(channels[index] ?? NO_RATES, old)
    })
    return scale(differences.reduce(add, NO_RATES), 1 / seconds)
  })
}

/** The sum of both, counter by counter. */
export function add(a: ChannelCounters, b: ChannelCounters): ChannelCounters {
  return {
    sentPackets: a.sentPackets + b.sentPackets,
    sentBytes: a.sentBytes + b.sentBytes,
    receivedPackets: a.receivedPackets + b.receivedPackets,
    receivedBytes: a.receivedBytes + b.receivedBytes,
  }
}

function subtract(a: ChannelCounters, b: ChannelCounters): ChannelCounters {
  return add(a, scale(b, -1))
}

function scale(rates: ChannelCounters, factor: number): ChannelCounters {
  return {
    sentPackets: rates.sentPackets * factor,
    sentBytes: rates.sentBytes * factor,
    receivedPackets: rates.receivedPackets * factor,
    receivedBytes: rates.receivedBytes * factor,
  }
}
