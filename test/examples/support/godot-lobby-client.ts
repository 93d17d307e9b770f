import { WebSocket } from 'ws'
import { ConnectionState, WebRTCMultiplayerPeer, WebRTCPeerConnection } from '../../../src/index.ts'
import { MultiplayerAPI } from '../../../src/multiplayer-api.ts'

/** As in the GDScript: the numbers are the types on the wire. */
enum Message {
  JOIN,
  ID,
  PEER_CONNECT,
  PEER_DISCONNECT,
  OFFER,
  ANSWER,
  CANDIDATE,
  SEAL,
}

/**
 * `lobby_client.gd` of docs/godot.md, function by function: a bare WebSocket, and this library's WebRTC classes in place of Godot's, whose methods they have. `multiplayer` is the
 * node's. What passes over the socket is kept as it was.
 */
export class GodotLobbyClient {
  readonly multiplayer = new MultiplayerAPI()
  readonly sent: string[] = []
  readonly heard: string[] = []
  /** What the signal `joined` gave. */
  joined: { readonly lobby: string; readonly id: number } | null = null
  /** What the signal `closed` gave. */
  closed: { readonly code: number; readonly reason: string } | null = null
  readonly #peer = new WebRTCMultiplayerPeer()
  readonly #socket: WebSocket
  #isMesh = false

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static join(url: string, lobby = '', mesh = true): GodotLobbyClient {
    const socket = new WebSocket(url)
    const client = new GodotLobbyClient(socket)
    socket.on('open', () => {
      client.#send(Message.JOIN, mesh ? 0 : 1, lobby)
    })
    socket.on('message', (text: Buffer) => {
      client.heard.push(text.toString())
      client.#receive(text.toString())
    })
    socket.on('close', (code, reason) => {
      client.closed = { code, reason: reason.toString() }
    })
    return client
  }

  get id(): number {
    return this.#peer.uniqueId
  }

  seal(): void {
    this.#send(Message.SEAL, 0, '')
  }

  async leave(): Promise<void> {
    this.multiplayer.multiplayerPeer = null
    const closed = this.#peer.close()
    this.#socket.close()
    await closed
    await this.multiplayer.close()
  }

  #receive(text: string): void {
    const { type, id, data } = JSON.parse(text) as { type: Message; id: number; data: string }
    switch (type) {
      case Message.ID:
        this.#isMesh = data === 'true'
        if (this.#isMesh) this.#peer.createMesh(id)
        else if (id === 1) this.#peer.createServer()
        else this.#peer.createClient(id)
        this.multiplayer.multiplayerPeer = this.#peer
        break
      case Message.JOIN:
        this.joined = { lobby: data, id: this.#peer.uniqueId }
        break
      case Message.PEER_CONNECT:
        if (this.#connectsTo(id)) {
          this.#add(id)
          if (id < this.#peer.uniqueId) this.#connection(id).createOffer()
        }
        break
      case Message.PEER_DISCONNECT:
        if (this.#peer.hasPeer(id)) this.#peer.removePeer(id)
        break
      case Message.OFFER:
        if (this.#connectsTo(id)) {
          if (!this.#peer.hasPeer(id) || this.#connection(id).connectionState !== ConnectionState.NEW) this.#add(id)
          this.#connection(id).setRemoteDescription('offer', data)
        }
        break
      case Message.ANSWER:
        if (this.#peer.hasPeer(id)) this.#connection(id).setRemoteDescription('answer', data)
        break
      case Message.CANDIDATE: {
        const [media, index, name, ...more] = data.split('\n').filter((part) => part !== '')
        if (media === undefined || index === undefined || name === undefined || more.length > 0) break
        if (this.#peer.hasPeer(id)) this.#connection(id).addIceCandidate(media, Number(index), name)
        break
      }
      case Message.SEAL:
        break
    }
  }

  #connectsTo(id: number): boolean {
    return this.#isMesh || id === 1 || this.#peer.uniqueId === 1
  }

  #add(id: number): void {
    if (this.#peer.hasPeer(id)) this.#peer.removePeer(id)
    const connection = new WebRTCPeerConnection()
    connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      connection.setLocalDescription(type, sdp)
      this.#send(type === 'offer' ? Message.OFFER : Message.ANSWER, id, sdp)
    })
    connection.iceCandidateCreated$.subscribe(({ media, index, name }) => {
      this.#send(Message.CANDIDATE, id, `\n${media}\n${index}\n${name}`)
    })
    this.#peer.addPeer(connection, id)
  }

  #connection(id: number): WebRTCPeerConnection {
    return this.#peer.getPeer(id).connection
  }

  #send(type: Message, id: number, data: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    // Godot's JSON.stringify sorts the keys.
    const text = JSON.stringify({ data, id, type })
    this.sent.push(text)
    this.#socket.send(text)
  }
}
