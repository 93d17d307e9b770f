import type { Subscription } from 'rxjs'
import type { WebRTCPeerConnection } from '../transport/peer-connection.ts'

/** Options of {@link connectPair}. */
export interface ConnectPairOptions {
  /**
   * Takes every signal on its way to the other side; it calls `deliver` when the signal should arrive, which may be later and in
   * another order, as a real signaling channel might. Default: at once.
   */
  carry?: (deliver: () => void) => void
}

/**
 * Signals two connections, of any implementation, to each other: `offerer` makes the offer. Both have their channels already. Returns at once; watch
 * the connections' states. The subscription ends the signaling, which is only needed to give up early.
 */
export function connectPair(
  offerer: WebRTCPeerConnection,
  answerer: WebRTCPeerConnection,
  { carry = (deliver) => deliver() }: ConnectPairOptions = {},
): Subscription {
  const signaling = passSignals(offerer, answerer, carry)
  signaling.add(passSignals(answerer, offerer, carry))
  offerer.createOffer()
  return signaling
}

function passSignals(from: WebRTCPeerConnection, to: WebRTCPeerConnection, carry: (deliver: () => void) => void): Subscription {
  const subscription = from.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    from.setLocalDescription(type, sdp)
    carry(() => {
      to.setRemoteDescription(type, sdp)
    })
  })
  subscription.add(
    from.iceCandidateCreated$.subscribe(({ media, index, name }) => {
      carry(() => {
        to.addIceCandidate(media, index, name)
      })
    }),
  )
  return subscription
}
