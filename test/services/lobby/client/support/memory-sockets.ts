import type { LobbyWebSocket, LobbyWebSocketConstructor } from '../../../../../src/services/lobby/client/web-socket.ts'
import type { ServerSocket, SocketHandler } from '../../../../../src/services/lobby/server/core-options.ts'
import type { VirtualClock } from '../../../../../src/transport/simulated/virtual-clock.ts'

/** A server as the sockets in memory see it. */
export interface MemoryServer {
  /** The subprotocol that it takes up; empty: none. */
  choose(protocols: readonly string[]): string
  accept(socket: ServerSocket, protocol: string, host: string): SocketHandler
}

/** Decides when a message arrives: milliseconds for each copy of it. Default: once, after the latency. */
export type Disturbance = (text: string) => readonly number[]

type Listener = ((event: never) => void) | null

/** WebSockets in memory, on a virtual clock: each message takes the same time, so they stay in order unless they are disturbed. */
export class MemorySockets {
  readonly open = new Set<MemorySocket>()
  readonly clock: VirtualClock
  server: MemoryServer
  /** Milliseconds, one way. */
  latency = 5
  /** Sockets cannot be opened. */
  isDown = false
  /** Sockets that were made. */
  made = 0
  disturb: Disturbance = () => [this.latency]

  constructor(clock: VirtualClock, server: MemoryServer) {
    this.clock = clock
    this.server = server
  }

  /** A constructor for the sockets of one host. */
  of(host: string): LobbyWebSocketConstructor {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class inside has a `this` of its own
    const sockets = this
    return class extends MemorySocket {
      constructor(_url: string, protocols: string[] = []) {
        super(sockets, host, protocols)
      }
    }
  }

  /** Cuts the sockets of a host, or of all: neither side says goodbye. */
  cut(host?: string): void {
    for (const socket of [...this.open]) if (host === undefined || socket.host === host) socket.lose(1006)
  }
}

export class MemorySocket implements LobbyWebSocket {
  protocol = ''
  onopen: Listener = null
  onmessage: Listener = null
  onerror: Listener = null
  onclose: Listener = null

  readonly host: string
  readonly #sockets: MemorySockets
  #handler: SocketHandler | null = null
  #isClosed = false

  constructor(sockets: MemorySockets, host: string, protocols: readonly string[]) {
    this.#sockets = sockets
    this.host = host
    sockets.made++
    sockets.clock.setTimeout(() => {
      this.#open(protocols)
    }, sockets.latency)
  }

  send(data: string): void {
    this.#deliver(data, (text) => this.#handler?.message(text))
  }

  close(code = 1005): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // What was sent before arrives before the close.
    this.#sockets.clock.setTimeout(() => {
      this.#end(code, '')
    }, this.#sockets.latency)
  }

  /** The connection breaks. */
  lose(code: number): void {
    this.#isClosed = true
    this.#end(code, '')
  }

  #open(protocols: readonly string[]): void {
    const { server, isDown, open } = this.#sockets
    const protocol = isDown ? '' : server.choose(protocols)
    if (this.#isClosed || isDown || (protocols.length > 0 && protocol === '')) {
      this.#isClosed = true
      this.#emit(this.onerror, {})
      this.#emit(this.onclose, { code: 1006, reason: '' })
      return
    }
    this.protocol = protocol
    open.add(this)
    this.#emit(this.onopen, {})
    this.#handler = server.accept(
      {
        bufferedAmount: 0,
        send: (text) => {
          this.#deliver(text, (data) => {
            this.#emit(this.onmessage, { data })
          })
        },
        close: (code, reason) => {
          this.#sockets.clock.setTimeout(() => {
            this.#isClosed = true
            this.#end(code, reason)
          }, this.#sockets.latency)
        },
      },
      protocol,
      this.host,
    )
  }

  #deliver(text: string, arrive: (text: string) => void): void {
    for (const delay of this.#sockets.disturb(text)) {
      this.#sockets.clock.setTimeout(() => {
        if (this.#sockets.open.has(this)) arrive(text)
      }, delay)
    }
  }

  #end(code: number, reason: string): void {
    if (!this.#sockets.open.delete(this)) return
    this.#handler?.closed(code)
    this.#handler = null
    this.#emit(this.onclose, { code, reason })
  }

  #emit(listener: Listener, event: object): void {
    listener?.(event as never)
  }
}
