import { defer } from 'rxjs'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { JoinMesh } from '../../../src/react.ts'

/** One call of a `join`. */
export interface Stay {
  readonly room: string
  readonly signal: AbortSignal
  readonly mesh: WebRTCMultiplayerPeer
  disposed: boolean
  /** How often somebody subscribed to the packets of the mesh. */
  subscriptions: number
}

/** Every call that there was, in order. Its mesh has the id 100 and up. */
export const stays: Stay[] = []

const waiting: (() => void)[] = []

/** Lets the joins of the room `late` end. */
export function endWaiting(): void {
  for (const end of waiting.splice(0)) end()
}

/** Ways to join, by the name of the room. */
const ROOMS: Record<string, (stay: Stay) => WebRTCMultiplayerPeer | Promise<WebRTCMultiplayerPeer>> = {
  'as client': ({ mesh }) => {
    mesh.createClient(mesh.uniqueId)
    return mesh
  },
  late: async ({ mesh }) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return mesh
  },
  'until aborted': ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
    }),
  refused: () => Promise.reject(new Error('the room is full')),
  thrown: () => {
    throw new Error('no such room')
  },
}

/** What a component gives `useMesh` for a room; the rooms not listed above hand out a mesh at once. */
export const joinRoom =
  (room: string): JoinMesh =>
  (signal) => {
    const mesh = new WebRTCMultiplayerPeer()
    mesh.createMesh(100 + stays.length)
    const stay: Stay = { room, signal, mesh, disposed: false, subscriptions: 0 }
    const { packets$ } = mesh
    const counted$ = defer(() => {
      stay.subscriptions++
      return packets$
    })
    Object.assign(mesh, { packets$: counted$ })
    const complete = (): void => {
      stay.disposed = true
    }
    mesh.connectionStatus$.subscribe({ complete })
    stays.push(stay)
    return ROOMS[room]?.(stay) ?? mesh
  }
