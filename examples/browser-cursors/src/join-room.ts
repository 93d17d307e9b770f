import { WebRTCMultiplayerPeer, WebRTCPeerConnection } from 'webrtc-multiplayer'
import type { FromRoom, Signal, ToRoom } from './room-messages.ts'

/** How to get into a room. */
export interface JoinOptions {
  /** Opens the connection to the room. */
  readonly open: () => WebSocket
  /** Leaves the room; closing the mesh is up to the caller. */
  readonly signal: AbortSignal
  /** The connection to the room is lost. The mesh lives on, but nobody new comes. */
  readonly onLost?: () => void
}

/** A mesh whose other peers are those who are in the room, now and later. */
export async function joinRoom({ open, signal, onLost }: JoinOptions): Promise<WebRTCMultiplayerPeer> {
  // React's StrictMode takes its first join back at once; that opens no connection.
  await Promise.resolve()
  signal.throwIfAborted()
  const socket = open()
  const mesh = new WebRTCMultiplayerPeer()
  const member = new Member(mesh, (message) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  })
  signal.addEventListener('abort', () => {
    socket.close()
  })
  return new Promise((resolve, reject) => {
    let isIn = false
    socket.addEventListener('message', ({ data }) => {
      if (signal.aborted) return
      const message = JSON.parse(data as string) as FromRoom
      member.take(message)
      if (message.is !== 'welcome') return
      isIn = true
      resolve(mesh)
    })
    socket.addEventListener('close', ({ reason }) => {
      if (isIn && !signal.aborted) onLost?.()
      reject(new Error(reason || 'The room cannot be reached.'))
    })
  })
}

/** Adds the others to the mesh as the room tells of them, and carries the signals between its connections and the room. */
class Member {
  readonly #mesh: WebRTCMultiplayerPeer
  readonly #sendToRoom: (message: ToRoom) => void

  constructor(mesh: WebRTCMultiplayerPeer, sendToRoom: (message: ToRoom) => void) {
    this.#mesh = mesh
    this.#sendToRoom = sendToRoom
  }

  take(message: FromRoom): void {
    switch (message.is) {
      case 'welcome':
        this.#mesh.createMesh(message.id)
        for (const id of message.others) this.#add(id).createOffer()
        break
      case 'joined':
        this.#add(message.id)
        break
      case 'left':
        // Whoever is connected may have lost the room only. The mesh itself notices who is gone.
        if (this.#mesh.hasPeer(message.id) && !this.#mesh.getPeer(message.id).connected)
          this.#mesh.removePeer(message.id)
        break
      case 'signal':
        this.#apply(message.from, message.signal)
        break
    }
  }

  #add(id: number): WebRTCPeerConnection {
    const connection = new WebRTCPeerConnection()
    this.#mesh.addPeer(connection, id)
    connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      connection.setLocalDescription(type, sdp)
      this.#sendToRoom({ to: id, signal: { is: 'description', type, sdp } })
    })
    connection.iceCandidateCreated$.subscribe((candidate) => {
      this.#sendToRoom({ to: id, signal: { is: 'candidate', ...candidate } })
    })
    return connection
  }

  #apply(from: number, signal: Signal): void {
    if (!this.#mesh.hasPeer(from)) return
    const { connection } = this.#mesh.getPeer(from)
    try {
      if (signal.is === 'description') connection.setRemoteDescription(signal.type, signal.sdp)
      else connection.addIceCandidate(signal.media, signal.index, signal.name)
    } catch (error) {
      console.warn(`Peer ${from} sent a signal that makes no sense.`, error)
      this.#mesh.removePeer(from)
    }
  }
}
