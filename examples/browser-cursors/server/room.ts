import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { type WebSocket, WebSocketServer } from 'ws'
import { type FromRoom, MAX_MESSAGE_BYTES, parseToRoom } from '../src/room-messages.ts'
import { Allowance } from './allowance.ts'

const PATH = '/room'
/** Everyone connects to everyone, so this is what a page can bear, not what the server can. */
const MAX_MEMBERS = 16
/** Bytes that may wait for a member who does not read. */
const MAX_WAITING_BYTES = 1024 * 1024
/** Milliseconds between two questions whether a member is still there; who has not answered the last one is not. */
const HEARTBEAT = 10_000

/** WebSocket close codes: try again later; against the rules. */
const TRY_LATER = 1013
const REFUSED = 1008

interface Member {
  readonly socket: WebSocket
  readonly allowance: Allowance
  isAlive: boolean
}

/** Brings peers together: tells who is there, and carries their signals until they are connected. Nothing of it outlives the process. */
export class Room {
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES })
  readonly #members = new Map<number, Member>()
  readonly #heartbeat: NodeJS.Timeout

  constructor(server: Server) {
    this.#server = server
    server.on('upgrade', this.#upgrade)
    this.#heartbeat = setInterval(() => {
      this.#beat()
    }, HEARTBEAT)
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#server.off('upgrade', this.#upgrade)
    for (const { socket } of this.#members.values()) socket.terminate()
    this.#sockets.close()
  }

  readonly #upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', () => stream.destroy())
    if (request.url !== PATH) {
      // Vite's own socket is on the same server; nobody takes any other.
      if (request.headers['sec-websocket-protocol']?.startsWith('vite-') !== true) stream.destroy()
    } else if (!isSameOrigin(request)) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => stream.destroy())
    } else {
      this.#sockets.handleUpgrade(request, stream, head, (socket) => {
        this.#enter(socket)
      })
    }
  }

  #enter(socket: WebSocket): void {
    // A broken connection closes as well, which is what matters.
    socket.on('error', () => undefined)
    if (this.#members.size >= MAX_MEMBERS) {
      socket.close(TRY_LATER, 'The room is full.')
      return
    }
    // At random, so that those who outlive this process never meet a newcomer of the next one under their id.
    const id = WebRTCMultiplayerPeer.generateUniqueId()
    const member: Member = { socket, allowance: new Allowance(), isAlive: true }
    this.#send(member, { is: 'welcome', id, others: [...this.#members.keys()] })
    this.#tellAll({ is: 'joined', id })
    this.#members.set(id, member)

    socket.on('message', (data: Buffer, isBinary) => {
      this.#relay(id, member, isBinary ? '' : data.toString())
    })
    socket.on('pong', () => {
      member.isAlive = true
    })
    socket.on('close', () => {
      this.#members.delete(id)
      this.#tellAll({ is: 'left', id })
    })
  }

  #relay(from: number, sender: Member, text: string): void {
    const message = parseToRoom(text)
    if (message === null || !sender.allowance.take()) {
      sender.socket.close(REFUSED, 'That is not what this room is for.')
      return
    }
    const receiver = this.#members.get(message.to)
    if (receiver) this.#send(receiver, { is: 'signal', from, signal: message.signal })
  }

  #tellAll(message: FromRoom): void {
    for (const member of this.#members.values()) this.#send(member, message)
  }

  #send({ socket }: Member, message: FromRoom): void {
    if (socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate()
    else socket.send(JSON.stringify(message))
  }

  #beat(): void {
    for (const member of this.#members.values()) {
      if (!member.isAlive) member.socket.terminate()
      member.isAlive = false
      member.socket.ping()
    }
  }
}

/** Browsers let any page open a socket to any server; programs, such as the bot, name no origin. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}
