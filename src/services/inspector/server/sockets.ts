import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import { realClock } from '../../../clock.ts'
import { Heartbeats } from '../../lobby/server/heartbeats.ts'
import { refuseUpgrade } from '../../lobby/server/http-refusal.ts'
import type { Hub } from '../hub/hub.ts'
import { MAX_FRAME_LENGTH } from '../wire/parse.ts'
import type { ForeignPlace } from '../adapters/adopted-messages.ts'
import { type AccessRules, type Door, refuseAccess } from './access.ts'
import { serveServiceViewer, serveStatelyViewer } from './foreign-view.ts'
import { serveReporter } from './report-socket.ts'
import { readTarget, type RequestTarget, visitorOf } from './request-target.ts'
import { serveViewer } from './view-socket.ts'

/** One kind of sockets. */
interface SocketKind {
  readonly path: '/view' | '/report'
  readonly door: Door
  /** Open at the same time. */
  readonly most: number
  /** Bytes of a message that is read. */
  readonly maxPayload: number
  serve(hub: Hub, socket: WebSocket, request: IncomingMessage): void
}

/** Pages do not say anything. */
const PAGE: SocketKind = { path: '/view', door: 'view', most: 32, maxPayload: 4 * 1024, serve: serveViewer }
/** That of XState 4 says which events it wants actors to get. */
const TOOL = { path: '/view', door: 'tool', most: 32, maxPayload: 64 * 1024 } as const
/** A demo of 200 processes has 200 reporters; a frame has up to three bytes for each character. */
const REPORTER: SocketKind = {
  path: '/report',
  door: 'report',
  most: 1_024,
  maxPayload: 3 * MAX_FRAME_LENGTH,
  serve: (hub, socket, request) => {
    serveReporter(hub, socket, realClock, placeOf(request))
  },
}

/** By path and `?format`. */
const KINDS: ReadonlyMap<string, SocketKind> = new Map([
  ['/view', PAGE],
  ['/view stately', { ...TOOL, serve: serveStatelyViewer }],
  ['/view xstate4', { ...TOOL, serve: serveServiceViewer }],
  ['/report', REPORTER],
])
/** Characters of a name that a reporter is given in its address. */
const MAX_NAME = 200

/** Milliseconds between two pings: what is lost without a goodbye is noticed after four. */
const HEARTBEAT = 5_000
/** Milliseconds until somebody who does not answer a close is cut off. */
const CLOSE_TIMEOUT = 1_000
/** Close code "going away" (RFC 6455). */
const GOING_AWAY = 1001

/** The WebSockets of an inspector's server. */
export class InspectorSockets {
  readonly #hub: Hub
  readonly #rules: AccessRules
  readonly #servers = new Map<SocketKind, WebSocketServer>()
  readonly #heartbeats = new Heartbeats(realClock, HEARTBEAT)

  constructor(hub: Hub, rules: AccessRules) {
    this.#hub = hub
    this.#rules = rules
    for (const kind of KINDS.values()) {
      // The types do not know the time limit yet.
      const options: ServerOptions & { closeTimeout: number } = {
        noServer: true,
        perMessageDeflate: false,
        maxPayload: kind.maxPayload,
        closeTimeout: CLOSE_TIMEOUT,
      }
      this.#servers.set(kind, new WebSocketServer(options))
    }
  }

  /** Sockets that are open, by path. */
  count(path: '/view' | '/report'): number {
    return Array.from(this.#servers, ([kind, { clients }]) => (kind.path === path ? clients.size : 0)).reduce(
      (sum, size) => sum + size,
    )
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Node's own listeners are gone by now: without one a connection that breaks would end the process.
    stream.on('error', () => stream.destroy())
    const kind = kindOf(readTarget(request))
    const server = kind && this.#servers.get(kind)
    if (kind === undefined || server === undefined) {
      refuseUpgrade(
        stream,
        404,
        'There are sockets at /report and /view alone; of /view the formats stately and xstate4.',
      )
      return
    }
    const refusal = refuseAccess(kind.door, visitorOf(request), this.#rules)
    if (refusal !== null) refuseUpgrade(stream, refusal.status, refusal.message)
    else if (server.clients.size >= kind.most) refuseUpgrade(stream, 503, 'There are too many already.')
    else {
      server.handleUpgrade(request, stream, head, (socket) => {
        this.#heartbeats.add(socket)
        // What breaks a connection closes it as well, which is what matters.
        socket.on('error', () => undefined)
        kind.serve(this.#hub, socket, request)
      })
    }
  }

  /** Closes all; what was sent before still goes out. Resolves when they are closed. */
  async close(): Promise<void> {
    this.#heartbeats.close()
    const sockets = [...this.#servers.values()].flatMap(({ clients }) => [...clients])
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.once('close', () => resolve())
            socket.resume()
            socket.close(GOING_AWAY, 'the inspector ends')
          }),
      ),
    )
    for (const server of this.#servers.values()) server.close()
  }
}

function kindOf({ path, query }: RequestTarget): SocketKind | undefined {
  const format = query.get('format')
  return KINDS.get(format === null ? path : `${path} ${format}`)
}

/** As whom a reporter is shown that speaks in the form of another inspector, and so does not introduce itself. */
function placeOf(request: IncomingMessage): ForeignPlace {
  const { origin } = visitorOf(request)
  const name = readTarget(request).query.get('name')?.slice(0, MAX_NAME) ?? ''
  return {
    name: name === '' ? null : name,
    platform: origin === undefined ? 'node' : 'browser',
    detail: origin?.slice(0, MAX_NAME) ?? '',
  }
}
