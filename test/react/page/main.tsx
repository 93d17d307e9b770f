import { StrictMode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { connectPair } from '../../../src/testing/connect-pair.ts'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { BrowserPeerConnection } from '../../../src/transport/browser/browser-peer-connection.ts'
import { Room, arrivals, shown } from './room.tsx'
import { endWaiting, stays } from './stays.ts'

/** What can be told of a state outside the page. */
export interface ShownState {
  /** Which call of `join` brought its mesh. */
  readonly stay: number | null
  readonly id: number
  readonly status: string
  readonly peers: readonly number[]
  readonly error: string | null
}

const root: Root = createRoot(document.body.appendChild(document.createElement('main')))
const farMeshes = new Map<number, WebRTCMultiplayerPeer>()
const heard: string[] = []

function livingMesh(): WebRTCMultiplayerPeer {
  const stay = stays.findLast(({ disposed }) => !disposed)
  if (!stay) throw new Error('There is no living mesh.')
  return stay.mesh
}

/** What the test does in this page, and what it sees of it. */
const hookPage = {
  show: (room: string, tag = '') => {
    root.render(
      <StrictMode>
        <Room room={room} tag={tag} />
      </StrictMode>,
    )
  },
  remove: () => {
    root.render(null)
  },
  text: () => document.querySelector('main')?.textContent ?? '',
  shown: () =>
    shown.map(({ mesh, id, status, peers, error }): ShownState => {
      const stay = mesh && stays.findIndex((stay) => stay.mesh === mesh)
      return { stay, id, status: ConnectionStatus[status], peers: [...peers], error: error?.message ?? null }
    }),
  /** How many different objects the lists of peers were. */
  lists: () => new Set(shown.map(({ peers }) => peers)).size,
  stays: () => stays.map(({ room, signal, disposed }) => ({ room, aborted: signal.aborted, disposed })),
  subscriptions: () => stays.map(({ subscriptions }) => subscriptions),
  endWaiting,

  /** Connects a mesh outside React with the one that is shown. Under id 1 it is a server. */
  addFar: (id: number) => {
    const [mesh, far] = [livingMesh(), new WebRTCMultiplayerPeer()]
    farMeshes.set(id, far)
    if (id === 1) far.createServer()
    else far.createMesh(id)
    far.peerConnected$.subscribe((peer) => heard.push(`${id} hears +${peer}`))
    far.peerDisconnected$.subscribe((peer) => heard.push(`${id} hears -${peer}`))
    const [toFar, toMesh] = [new BrowserPeerConnection(), new BrowserPeerConnection()]
    mesh.addPeer(toFar, id)
    far.addPeer(toMesh, mesh.uniqueId)
    connectPair(toFar, toMesh)
  },
  closeFar: (id: number) => farMeshes.get(id)?.close(),
  sendFar: (id: number, text: string) => farMeshes.get(id)?.send(new TextEncoder().encode(text)).sent,
  heard: () => heard,
  arrivals: () => arrivals,
}

export type HookPage = typeof hookPage

declare global {
  var hookPage: HookPage
}

globalThis.hookPage = hookPage
