import type { Subscription } from 'rxjs'
import type { IceCandidate, WebRTCPeerConnection } from '../transport/peer-connection.ts'
import { ConnectionState } from '../transport/states.ts'

/** Changes a candidate on its way from that end, or drops it (null). */
export type CandidateRewriter = (
  candidate: IceCandidate,
  from: 'offering' | 'answering',
) => IceCandidate | null | Promise<IceCandidate | null>

/** Options of {@link connectPair}. */
export interface ConnectPairOptions {
  /**
   * Takes every signal on its way to the other side; it calls `deliver` when the signal should arrive, which may be later and in
   * another order, as a real signaling channel might. Default: at once.
   */
  carry?: (deliver: () => void) => void
  /** Changes a candidate on its way from that end, or drops it (null), e.g. to lead the packets through a proxy. */
  rewrite?: CandidateRewriter
}

/**
 * Signals two connections, of any implementation, to each other: `offering` makes the offer. Both have their channels already. Returns at once;
 * watch the connections' states. The subscription ends the signaling, which is only needed to give up early.
 */
export function connectPair(
  offering: WebRTCPeerConnection,
  answering: WebRTCPeerConnection,
  options: ConnectPairOptions = {},
): Subscription {
  const subscription = passSignals(offering, answering, 'offering', options)
  subscription.add(passSignals(answering, offering, 'answering', options))
  offering.createOffer()
  return subscription
}

function passSignals(
  from: WebRTCPeerConnection,
  to: WebRTCPeerConnection,
  end: 'offering' | 'answering',
  {
    carry = (deliver) => {
      deliver()
    },
    rewrite = (candidate) => candidate,
  }: ConnectPairOptions,
): Subscription {
  // Another subscriber may have closed a connection meanwhile; signals are of no use to it then.
  const isOpen = (connection: WebRTCPeerConnection): boolean => connection.connectionState !== ConnectionState.CLOSED
  const subscription = from.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    if (!isOpen(from)) return
    from.setLocalDescription(type, sdp)
    carry(() => {
      if (isOpen(to)) to.setRemoteDescription(type, sdp)
    })
  })
  const pass = (candidate: IceCandidate | null): void => {
    if (candidate === null) return
    carry(() => {
      if (isOpen(to)) to.addIceCandidate(candidate.media, candidate.index, candidate.name)
    })
  }
  subscription.add(
    from.iceCandidateCreated$.subscribe((created) => {
      const candidate = rewrite(created, end)
      if (candidate instanceof Promise) void candidate.then(pass)
      else pass(candidate)
    }),
  )
  return subscription
}
