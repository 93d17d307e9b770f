import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { encodeJson, parseJson } from '../../../../../src/protocol/lobby/json-protocol.ts'
import { type LobbyMessage, LobbyMessageType } from '../../../../../src/protocol/lobby/message.ts'

interface DemoPeer {
  readonly id: number
  readonly socket: WebSocket
}

interface DemoLobby {
  readonly name: string
  readonly isMesh: boolean
  readonly peers: DemoPeer[]
  isSealed: boolean
}

/** Milliseconds; ten seconds in the original. */
const SEAL_TIME = 2_000
const JOIN_TIME = 1_000

/**
 * A server that speaks what Godot's signaling demo speaks and nothing else, faults included: it announces all members in both modes, and closes the socket at each error. The host
 * is shown as 1.
 *
 * @param protocols - `echoed`: the first subprotocol asked for is given back, as `ws` does by itself; `none`: as Godot's own WebSocket server.
 */
export class DemoServer {
  readonly url: string
  readonly #server: WebSocketServer
  readonly #lobbies = new Map<string, DemoLobby>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()

  private constructor(server: WebSocketServer) {
    this.#server = server
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', (socket) => {
      this.#accept(socket)
    })
  }

  static async start(protocols: 'echoed' | 'none'): Promise<DemoServer> {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      ...(protocols === 'none' && { handleProtocols: () => false }),
    })
    await once(server, 'listening')
    return new DemoServer(server)
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const client of this.#server.clients) client.terminate()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }

  #accept(socket: WebSocket): void {
    const peer: DemoPeer = { id: 2 + Math.floor(Math.random() * 1e9), socket }
    let lobby: DemoLobby | null = null
    const timer = this.#later(JOIN_TIME, () => {
      if (lobby === null) socket.close(4000, 'Have not joined lobby yet')
    })
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? null : parseJson((data as Buffer).toString())
      if (message === null) socket.close(4000, 'Invalid message format')
      else if (message.type === (LobbyMessageType.JOIN as number)) lobby = this.#join(peer, message, lobby)
      else if (lobby === null) socket.close(4000, 'Invalid message when not in a lobby')
      else this.#handle(peer, message, lobby)
    })
    socket.on('close', () => {
      clearTimeout(timer)
      if (lobby !== null) this.#leave(peer, lobby)
    })
  }

  #join(peer: DemoPeer, { id, data }: LobbyMessage, present: DemoLobby | null): DemoLobby | null {
    const refuse = (reason: string): DemoLobby | null => {
      peer.socket.close(4000, reason)
      return present
    }
    if (data === '' && present !== null) return refuse('Already in a lobby')
    const name = data === '' ? Math.random().toString(36).slice(2) : data
    if (data === '') this.#lobbies.set(name, { name, isMesh: id === 0, peers: [], isSealed: false })
    const lobby = this.#lobbies.get(name)
    if (lobby === undefined) return refuse('Lobby does not exists')
    if (lobby.isSealed) return refuse('Lobby is sealed')
    lobby.peers.push(peer)
    const own = this.#idOf(peer, lobby)
    say(peer, LobbyMessageType.ID, own, lobby.isMesh ? 'true' : '')
    for (const other of lobby.peers) {
      if (other === peer) continue
      say(other, LobbyMessageType.PEER_CONNECT, own)
      say(peer, LobbyMessageType.PEER_CONNECT, this.#idOf(other, lobby))
    }
    say(peer, LobbyMessageType.JOIN, 0, name)
    return lobby
  }

  #handle(peer: DemoPeer, { type, id, data }: LobbyMessage, lobby: DemoLobby): void {
    if (type === (LobbyMessageType.SEAL as number)) {
      this.#seal(peer, lobby)
      return
    }
    const to = lobby.peers.find((other) => this.#idOf(other, lobby) === id)
    const isSignal = type >= (LobbyMessageType.OFFER as number) && type <= (LobbyMessageType.CANDIDATE as number)
    if (to === undefined) peer.socket.close(4000, 'Invalid destination')
    else if (!isSignal) peer.socket.close(4000, 'Invalid command')
    else say(to, type, this.#idOf(peer, lobby), data)
  }

  #seal(peer: DemoPeer, lobby: DemoLobby): void {
    if (this.#idOf(peer, lobby) !== 1) {
      peer.socket.close(4000, 'Only host can seal the lobby')
      return
    }
    lobby.isSealed = true
    for (const member of lobby.peers) say(member, LobbyMessageType.SEAL, 0)
    this.#later(SEAL_TIME, () => {
      for (const { socket } of lobby.peers) socket.close(1000, 'Seal complete')
    })
  }

  #leave(peer: DemoPeer, lobby: DemoLobby): void {
    const own = this.#idOf(peer, lobby)
    for (const other of lobby.peers) {
      if (other === peer) continue
      if (own === 1) other.socket.close(4000, 'Room host has disconnected')
      else say(other, LobbyMessageType.PEER_DISCONNECT, own)
    }
    lobby.peers.splice(lobby.peers.indexOf(peer), 1)
    if (own === 1) this.#lobbies.delete(lobby.name)
  }

  #idOf(peer: DemoPeer, lobby: DemoLobby): number {
    return peer === lobby.peers[0] ? 1 : peer.id
  }

  #later(milliseconds: number, work: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, milliseconds)
    this.#timers.add(timer)
    return timer
  }
}

function say({ socket }: DemoPeer, type: number, id: number, data = ''): void {
  socket.send(encodeJson({ type, id, data }))
}
