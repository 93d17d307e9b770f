import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '../../../clock.ts'
import type { ServerSocket, SocketHandler } from './core-options.ts'
import { Heartbeats } from './heartbeats.ts'

/** Milliseconds until a client that does not answer a close is cut off. */
const CLOSE_TIMEOUT = 2_000

/** Messages up to this many times the limit are read, so that extended clients can be told what is wrong; larger ones the WebSocket library refuses by itself, with 1009. */
const READ_FACTOR = 2

/** The WebSockets of a lobby server. */
export class WebSocketFront {
  readonly #server: WebSocketServer
  readonly #heartbeats: Heartbeats
  readonly #sockets = new Set<WebSocket>()

  /** @param messageSize - bytes. @param heartbeat - milliseconds between two pings. */
  constructor({ clock, messageSize, heartbeat }: { clock: Clock; messageSize: number; heartbeat: number }) {
    // The types do not know the time limit yet.
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: messageSize * READ_FACTOR,
      closeTimeout: CLOSE_TIMEOUT,
      handleProtocols: (_protocols, request) => SUBPROTOCOLS.get(request) ?? false,
    }
    this.#server = new WebSocketServer(options)
    this.#heartbeats = new Heartbeats(clock, heartbeat)
  }

  /** Completes the handshake; `open` gets the socket, unless the client is gone or its request is none for a WebSocket. */
  upgrade(
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    subprotocol: string | null,
    open: (socket: ServerSocket) => SocketHandler,
  ): void {
    if (subprotocol !== null) SUBPROTOCOLS.set(request, subprotocol)
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      this.#sockets.add(socket)
      this.#heartbeats.add(socket)
      // What breaks a connection closes it as well, which is what matters.
      socket.on('error', () => undefined)
      const handler = open(serverSocket(socket))
      socket.on('message', (data: Buffer, isBinary) => {
        handler.message(isBinary ? null : data.toString())
      })
      socket.on('close', (code) => {
        this.#sockets.delete(socket)
        handler.closed(code)
      })
    })
  }

  /** Waits until the sockets, which were told to close, have done so; cuts off those that do not. */
  async close(): Promise<void> {
    await Promise.all([...this.#sockets].map(ended))
    this.#heartbeats.close()
    this.#server.close()
  }
}

/** A socket may report an error first, of which nobody here has to know: its close comes in any case. */
async function ended(socket: WebSocket): Promise<void> {
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
}

/** What each request is to be answered with, until it is. */
const SUBPROTOCOLS = new WeakMap<IncomingMessage, string>()

function serverSocket(socket: WebSocket): ServerSocket {
  return {
    send: (text) => {
      socket.send(text)
    },
    close: (code, reason) => {
      socket.close(code, reason)
    },
    get bufferedAmount() {
      return socket.bufferedAmount
    },
  }
}
