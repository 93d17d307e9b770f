import { useEffect, useInsertionEffect, useRef } from 'react'
import type { WebRTCMultiplayerPeer } from '../services/multiplayer-peer/multiplayer-peer.ts'
import type { Packet } from '../services/multiplayer-peer/packet.ts'

/**
 * Calls `onPacket` for each packet of the mesh while the component is shown; always the function of the last render, which therefore sees the current props and
 * state. Packets that came before go to the first component that asks, those that come later to every one.
 *
 * @example
 * ```ts
 * import { useState } from 'react'
 * import type { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 * import { usePackets } from 'webrtc-multiplayer/react'
 *
 * export function useLastWord(mesh: WebRTCMultiplayerPeer | null): string {
 *   const [word, setWord] = useState('')
 *   usePackets(mesh, ({ peer, data }) => setWord(`${peer}: ${new TextDecoder().decode(data)}`))
 *   return word
 * }
 * ```
 *
 * @param mesh - as `useMesh` gives it; null while there is none.
 */
export function usePackets(mesh: WebRTCMultiplayerPeer | null, onPacket: (packet: Packet) => void): void {
  const newest = useRef(onPacket)
  // The first thing of all that happens with a new render, and not at all for one that React throws away.
  useInsertionEffect(() => {
    newest.current = onPacket
  })
  useEffect(() => {
    const subscription = mesh?.packets$.subscribe((packet) => {
      newest.current(packet)
    })
    return () => subscription?.unsubscribe()
  }, [mesh])
}
