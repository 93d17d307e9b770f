import { useEffect, useState } from 'react'
import type { PeerState, WebRTCMultiplayerPeer } from 'webrtc-multiplayer'

/** How the connection to another peer is. */
export interface Connection {
  readonly id: number
  readonly state: PeerState
  /** Milliseconds; null while unknown. */
  readonly roundTripTime: number | null
}

const INTERVAL = 1_000

/** The connections to all other peers, also those that are not up yet; looked at every second, and when `peers` change. */
export function useConnections(mesh: WebRTCMultiplayerPeer | null, peers: readonly number[]): readonly Connection[] {
  const [connections, setConnections] = useState<readonly Connection[]>([])
  useEffect(() => {
    if (!mesh) return
    const look = (): void => {
      setConnections(mesh.stats().peers.map(({ peer, state, roundTripTime }) => ({ id: peer, state, roundTripTime })))
    }
    look()
    const timer = setInterval(look, INTERVAL)
    return () => {
      clearInterval(timer)
      setConnections([])
    }
  }, [mesh, peers])
  return connections
}
