import type { Clock } from '../../../clock.ts'
import { parseExtension } from '../../../protocol/lobby/extension.ts'
import { encodeJson, parseJson } from '../../../protocol/lobby/json-protocol.ts'
import {
  LOBBY_SUBPROTOCOL,
  type LobbyMessage,
  LobbyMessageType,
  messageTypeOf,
} from '../../../protocol/lobby/message.ts'
import { ignoreSocket, listenTo, type LobbyWebSocket } from './web-socket.ts'
import { readWelcome, type Welcome } from './welcome-data.ts'

/** What a connection to a lobby server tells. */
export interface LobbyConnectionListener {
  /** Null: something that is no message of the protocol. */
  message(message: LobbyMessage | null): void
  /** The socket is gone; nothing comes after this. Not told after {@link LobbyConnection.close}. */
  closed(code: number, reason: string): void
}

/** Close code of a socket that ended without a close frame (RFC 6455, section 7.1.5). */
const LOST = 1006

/** Messages that wait for a listener; a server has no reason to say so much before it was asked anything. */
const MAX_WAITING = 1_024

/** An open socket to a lobby server, in messages. What comes before anybody listens waits. */
export class LobbyConnection {
  readonly #socket: LobbyWebSocket
  readonly #clock: Clock
  #welcome: Welcome | null = null
  #listener: LobbyConnectionListener | null = null
  #waiting: (LobbyMessage | null)[] = []
  #end: { code: number; reason: string } | null = null
  #timer: unknown = null
  #heardSince = true
  #missed = 0
  #pings = 0

  /** @param before - messages that came before this was made. */
  constructor(socket: LobbyWebSocket, clock: Clock, before: readonly unknown[] = []) {
    this.#socket = socket
    this.#clock = clock
    for (const data of before) this.#hear(data)
    listenTo(socket, {
      open: () => undefined,
      message: (data) => {
        this.#hear(data)
      },
      closed: (code, reason) => {
        this.#ended(code, reason)
      },
    })
  }

  /** The server's WELCOME, which may come late; null from one that speaks Godot's protocol alone. */
  get welcome(): Welcome | null {
    return this.#welcome
  }

  get isExtended(): boolean {
    return this.#welcome !== null
  }

  listen(listener: LobbyConnectionListener): void {
    this.#listener = listener
    // Cleared by what a listener does: closing.
    while (this.#waiting.length > 0) listener.message(this.#waiting.shift() ?? null)
    const end = this.#end
    if (end !== null) this.#tellEnd(end)
  }

  send(type: LobbyMessageType, id = 0, data = ''): void {
    if (this.#end !== null) return
    try {
      this.#socket.send(encodeJson({ type, id, data }))
    } catch {
      // The socket is closing; its close event follows.
    }
  }

  /** Closes the socket; nothing is told any more. */
  close(code = 1000, reason = ''): void {
    this.#listener = null
    this.#waiting = []
    if (this.#end !== null) return
    this.#end = { code, reason }
    this.#clock.clearTimeout(this.#timer)
    ignoreSocket(this.#socket)
    this.#socket.close(code, reason)
  }

  #hear(data: unknown): void {
    if (this.#end !== null) return
    this.#heardSince = true
    const message = typeof data === 'string' ? parseJson(data) : null
    const type = message === null ? undefined : messageTypeOf(message)
    if (type === LobbyMessageType.WELCOME) this.#welcomed(message?.data)
    else if (type === LobbyMessageType.PONG && this.isExtended) return
    if (this.#listener !== null) this.#listener.message(message)
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(message)
  }

  #welcomed(data = ''): void {
    if (this.isExtended || this.#socket.protocol !== LOBBY_SUBPROTOCOL) return
    this.#welcome = readWelcome(parseExtension(data))
    this.#beat(this.#welcome.heartbeat)
  }

  /** A socket can be dead without anybody knowing: whoever says nothing for two heartbeats counts as lost. */
  #beat(heartbeat: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#missed = this.#heardSince ? 0 : this.#missed + 1
      this.#heardSince = false
      if (this.#missed >= 2) {
        ignoreSocket(this.#socket)
        this.#socket.close()
        this.#ended(LOST, 'no answer from the server')
        return
      }
      this.send(LobbyMessageType.PING, 0, String(++this.#pings))
      this.#beat(heartbeat)
    }, heartbeat)
  }

  #ended(code: number, reason: string): void {
    if (this.#end !== null) return
    this.#clock.clearTimeout(this.#timer)
    this.#end = { code, reason }
    if (this.#listener !== null) this.#tellEnd(this.#end)
  }

  #tellEnd({ code, reason }: { code: number; reason: string }): void {
    const listener = this.#listener
    this.#listener = null
    listener?.closed(code, reason)
  }
}
