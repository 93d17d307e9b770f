import type { ConnectionReport } from './messages.ts'
import type { ChannelRates } from './rates.ts'

/** What the live screen shows. */
export interface ScreenState {
  /** Milliseconds since the start. */
  readonly elapsed: number
  readonly peers: readonly PeerRow[]
  /** Oldest first. */
  readonly news: readonly NewsItem[]
  /** The last line: the keys that work, or that it is closing. */
  readonly footer: string
}

/** One peer of the table. */
export interface PeerRow {
  readonly id: number
  /** The process id, or what has become of the process. */
  readonly process: string
  /** Not there any more, but the others have not noticed yet. */
  readonly isDead: boolean
  readonly connections: readonly Pick<ConnectionReport, 'peer' | 'state' | 'roundTrip'>[]
  /** One for each of the channels. */
  readonly rates: readonly ChannelRates[]
}

/** One line of the event log. */
export interface NewsItem {
  /** Milliseconds since the start. */
  readonly at: number
  readonly text: string
  readonly tone: Tone
}

/** How a piece of text is meant; the terminal decides how that looks. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'waiting' | 'bad'

/** What these peers report of connections to each other that are connected; each connection has two ends. */
export function connectedEnds(peers: readonly PeerRow[]): PeerRow['connections'] {
  const ids = new Set(peers.map((peer) => peer.id))
  return peers.flatMap(({ connections }) =>
    connections.filter(({ peer, state }) => state === 'connected' && ids.has(peer)),
  )
}
