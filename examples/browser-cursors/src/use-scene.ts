import { type Dispatch, useEffect, useReducer } from 'react'
import type { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { usePackets } from 'webrtc-multiplayer/react'
import { EMPTY_SCENE, nextScene, type Scene, type SceneEvent } from './scene.ts'
import { send } from './send.ts'
import { decode, type Profile } from './wire.ts'

/** What everyone in the mesh shows of themselves, and tells them who this is. */
export function useScene(
  mesh: WebRTCMultiplayerPeer | null,
  peers: readonly number[],
  me: Profile,
): [Scene, Dispatch<SceneEvent>] {
  const [scene, dispatch] = useReducer(nextScene, EMPTY_SCENE)

  usePackets(mesh, ({ peer, data }) => {
    const message = decode(data)
    if (message) dispatch({ is: 'heard', peer, message })
  })

  useEffect(() => {
    const subscription = mesh?.peerDisconnected$.subscribe((peer) => {
      dispatch({ is: 'left', peer })
    })
    return () => {
      subscription?.unsubscribe()
      dispatch({ is: 'alone' })
    }
  }, [mesh])

  // To everyone again when somebody comes: nobody minds hearing it twice.
  useEffect(() => {
    if (mesh && peers.length > 0) send(mesh, { is: 'hello', ...me })
  }, [mesh, peers, me])

  return [scene, dispatch]
}
