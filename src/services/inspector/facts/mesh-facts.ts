import type { PeerStats } from '../../multiplayer-peer/peer-stats.ts'
import type { InspectableMesh } from '../recorder/inspectable.ts'
import type { CandidateView, FactsMessage, LinkFacts } from '../wire/messages.ts'

/** What is known of a mesh's connections now. */
export function meshFacts(mesh: InspectableMesh): Pick<FactsMessage, 'uniqueId' | 'status' | 'links'> {
  return { uniqueId: mesh.uniqueId, status: mesh.connectionStatus, links: mesh.stats().peers.map(linkFacts) }
}

function linkFacts(stats: PeerStats): LinkFacts {
  const { peer, state, roundTripTime, selectedCandidatePair: pair, channels } = stats
  return {
    peer,
    state,
    roundTripTime,
    pair: pair && { local: candidateView(pair.local), remote: candidateView(pair.remote) },
    channels: channels.map(
      ({
        label,
        channel,
        mode,
        sentPackets,
        sentBytes,
        receivedPackets,
        receivedBytes,
        droppedPackets,
        bufferedAmount,
      }) => ({
        label,
        channel,
        mode,
        sentPackets,
        sentBytes,
        receivedPackets,
        receivedBytes,
        droppedPackets,
        bufferedAmount,
      }),
    ),
    drops: {
      // Too much waited to be sent, or the channel had closed.
      unsent: channels.reduce((sum, { droppedPackets }) => sum + droppedPackets, 0),
      // Arrived, but too many waited for a reader.
      unread: stats.droppedWaitingPackets,
      // Arrived when the peer had been reported gone.
      late: stats.latePackets,
    },
  }
}

function candidateView({ type, protocol, address, port }: CandidateView): CandidateView {
  return { type, protocol, address, port }
}
