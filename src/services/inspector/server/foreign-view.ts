import type { WebSocket } from 'ws'
import type { ForeignWriter } from '../adapters/foreign-writer.ts'
import { ServiceWriter } from '../adapters/service-writer.ts'
import { StatelyWriter } from '../adapters/stately-writer.ts'
import type { Entry } from '../hub/entry.ts'
import type { Outlet } from '../hub/feed.ts'
import type { Hub } from '../hub/hub.ts'
import { isObject } from '../wire/check.ts'
import { TOO_SLOW } from './view-socket.ts'

/**
 * Bytes that may wait for a viewer. The hub counts what is told to it, but in these forms each actor comes with the whole definition of its machine: a few kilobytes of actors may be
 * hundreds of megabytes here.
 */
const MOST_BUFFERED = 64 * 1024 * 1024

/** Leads what the hub tells to a receiver of `@statelyai/inspect`, which says nothing. */
export function serveStatelyViewer(hub: Hub, socket: WebSocket): void {
  follow(hub, socket, new StatelyWriter())
}

/** Leads what the hub tells to a receiver of `@xstate/inspect`, from when it says that it inspects. Events that it wants actors to get are refused, and counted. */
export function serveServiceViewer(hub: Hub, socket: WebSocket): void {
  let isFollowing = false
  socket.on('message', (data: Buffer, isBinary) => {
    const type = isBinary ? null : typeOf(data.toString())
    if (type === 'xstate.event') hub.counters.drop('dispatch')
    if (type !== 'xstate.inspecting' || isFollowing) return
    isFollowing = true
    follow(hub, socket, new ServiceWriter())
  })
}

function follow(hub: Hub, socket: WebSocket, writer: ForeignWriter): void {
  const feed = hub.addFeed(new ForeignView(socket, writer))
  socket.once('close', () => {
    hub.removeFeed(feed)
  })
}

/** Text frames with a message each. These forms cannot say how many messages were left out. */
class ForeignView implements Outlet {
  readonly #socket: WebSocket
  readonly #writer: ForeignWriter

  constructor(socket: WebSocket, writer: ForeignWriter) {
    this.#socket = socket
    this.#writer = writer
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount
  }

  write(entries: readonly Entry[]): void {
    for (const told of entries.flatMap(({ message }) => this.#writer.write(message))) {
      if (this.#socket.bufferedAmount > MOST_BUFFERED) {
        this.giveUp()
        return
      }
      // It may be closing; that is heard of in any case.
      this.#socket.send(JSON.stringify(told), () => undefined)
    }
  }

  giveUp(): void {
    this.#socket.close(TOO_SLOW, 'too slow for what is told')
  }
}

function typeOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value.type : null
  } catch {
    return null
  }
}
